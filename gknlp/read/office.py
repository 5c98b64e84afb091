"""Old Word and WPS documents: through LibreOffice where it is installed, else a failure that says so."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from gknlp.errors import DamagedFileError, UnsupportedFormatError

# LibreOffice needs some five seconds for its first document; a minute means it hangs.
_SECONDS = 60


def convert_to_docx(data: bytes, kind: str) -> bytes:
    """Convert a `doc`, `rtf` or `odt` file to the bytes of a .docx by LibreOffice (`soffice` on PATH).

    UnsupportedFormatError without LibreOffice, DamagedFileError where it gives no result within a minute. Runs with a
    profile of its own, so that an open LibreOffice does not disturb it.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise UnsupportedFormatError(
            f"The file is an old Word, WPS or RTF document (.{kind}), and LibreOffice is not on PATH.",
            hint="Install LibreOffice, or open the file in Word or WPS and save it as .docx.",
        )
    with tempfile.TemporaryDirectory(prefix="gknlp-") as folder:
        source = Path(folder) / f"report.{kind}"
        source.write_bytes(data)
        command = [program, f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}", "--headless",
                   "--convert-to", "docx", "--outdir", folder, str(source)]
        try:
            subprocess.run(command, check=False, capture_output=True, timeout=_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise DamagedFileError(
                f"LibreOffice did not finish within {_SECONDS} seconds.", hint="Save the file as .docx by hand."
            ) from error
        result = source.with_suffix(".docx")
        if not result.is_file():
            raise DamagedFileError("LibreOffice could not convert the file.", hint="Save it as .docx by hand.")
        return result.read_bytes()
