"""ZIP archives, read in memory and within bounds: nothing is written to disk, so no member can escape."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from gknlp.errors import DamagedFileError, EncryptedFileError, GknlpError, TooLargeError, UnsupportedFormatError

# A report compresses 3 to 20 times; a bomb thousands. Small members may be as repetitive as they like.
MAX_RATIO = 200
_SMALL = 1_000_000
# The share of the file limit that everything in one archive may unpack to, and how many files it may hold.
_MAX_TOTAL_FACTOR = 10
MAX_MEMBERS = 20_000
MAX_DEPTH = 2


def read_members(data: bytes, *, max_bytes: int) -> Iterator[tuple[str, bytes | GknlpError]]:
    """The files of an archive in name order: name and content, or the error that stands for it.

    Folders, hidden files and what macOS adds are left out. `max_bytes` bounds one member; all together may unpack to
    ten times that. A member that is encrypted, too large, or packed too tightly is an error of its own; names that
    point outside the archive are refused. Names without the UTF-8 flag are read as GBK where that is what they are.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise DamagedFileError(f"The archive cannot be opened: {error}.", hint="Fetch it again.") from error
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if len(infos) > MAX_MEMBERS:
            raise TooLargeError(f"The archive holds {len(infos)} files; {MAX_MEMBERS} are the limit.",
                                hint="Unpack it and read the folder.")
        left = max_bytes * _MAX_TOTAL_FACTOR
        for name, info in sorted((member_name(info), info) for info in infos):
            parts = PurePosixPath(name).parts
            if any((part.startswith((".", "~$")) and part != "..") or part == "__MACOSX" for part in parts):
                continue
            content = _read_member(archive, info, name, min(max_bytes, left))
            if isinstance(content, bytes):
                left -= len(content)
            yield name, content


def member_name(info: zipfile.ZipInfo) -> str:
    """A member's name; without the UTF-8 flag it was written in the system's encoding, here UTF-8 or GBK."""
    if info.flag_bits & 0x800:
        return info.filename.replace("\\", "/")
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return info.filename


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, limit: int) -> bytes | GknlpError:
    """Unpack one member, never more than `limit` bytes of it."""
    if name.startswith("/") or ".." in PurePosixPath(name).parts or name[1:3] == ":/":
        return UnsupportedFormatError(f"The member's name points outside the archive: {name}.",
                                      hint="Unpack it by hand.")
    if info.flag_bits & 0x1:
        return EncryptedFileError("The member asks for a password.", hint="Unpack it with the password first.")
    if info.file_size > limit:
        return TooLargeError(f"The member unpacks to {info.file_size} bytes; {limit} are left to read.",
                             hint="Unpack it and read it alone.")
    if info.file_size > _SMALL and info.file_size > MAX_RATIO * max(1, info.compress_size):
        return TooLargeError(f"The member unpacks to {info.file_size // max(1, info.compress_size)} times its size.",
                             hint="It looks like an archive bomb; unpack it by hand if it is not.")
    try:
        with archive.open(info) as stream:
            content = stream.read(limit + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        return DamagedFileError(f"The member cannot be unpacked: {error}.", hint="Fetch the archive again.")
    if len(content) > limit:
        return TooLargeError(f"The member unpacks to more than {limit} bytes.", hint="Unpack it and read it alone.")
    return content
