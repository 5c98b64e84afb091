"""What a reader is told of files not read: every kind that the code can give has its words, every rule a message."""

import ast
import inspect
import re
from string import Formatter

import pytest

from gknlp import errors
from gknlp.errors import GknlpError
from gknlp.failures import OTHER, tell_failure
from gknlp.flags import flag_hygiene
from gknlp.read.docx import Word, _warnings
from gknlp.read.hygiene import find_pollution
from gknlp.resources import load_toml
from gknlp.types import Failure

RULES = load_toml("models/failures.toml")
KINDS = load_toml("models/labels.toml")["error"]
# What stands in a message for a value that is only known when it is written.
VALUE = "7"
# Every error of the tree, also those for callers and commands: a stage that raises one makes a failure of its name.
TREE = {
    name for name, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, GknlpError) and kind is not GknlpError
}


def texts_of(node):
    """The texts an expression can be, `VALUE` for what is put in; none where it is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(part.value if isinstance(part, ast.Constant) else put_in(part) for part in node.values)]
    return []


def put_in(part):
    """The text of braces in a message; of what is there only sometimes the text that it then is."""
    return (texts_of(part.value.body) or [VALUE])[0] if isinstance(part.value, ast.IfExp) else VALUE


def given(root):
    """Kinds of failures that the package names, and the texts in the modules that name them."""
    kinds, texts = set(), []
    for path in sorted((root / "gknlp").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        here = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in TREE:
                    here.add(name)
                elif name == "warning":
                    told = {text for arg in node.args[:1] for text in texts_of(arg)}
                    here |= told or {f"named elsewhere: {path.name}"}
                elif name == "Failure":
                    named = [item.value for item in node.keywords if item.arg == "error"] or node.args[2:3]
                    here |= {text for arg in named for text in texts_of(arg)}
        if here:
            kinds |= here
            texts += [text for node in ast.walk(tree) for text in texts_of(node)]
    return kinds, texts


def of_a_document():
    """The warnings of a Word document that has everything to warn of; `docx` names their kinds in a list."""
    word = Word(None, {})
    word.met.update(dict.fromkeys(("deleted", "hidden", "chunk", "object"), 7))
    return _warnings(word)


def test_every_kind_of_failure_in_the_code_has_its_words(root):
    kinds, _ = given(root)
    assert {kind for kind in kinds if ":" in kind} == {"named elsewhere: docx.py"}
    kinds = kinds - {"named elsewhere: docx.py"} | {item.error for item in of_a_document()} | TREE
    assert {"NotReported", "TermStillSplit", "Pollution", "EmbeddedObject", "ScannedFileError"} <= kinds
    assert kinds - set(RULES) == set()
    assert kinds - set(KINDS) == set()
    assert set(RULES) - kinds == {OTHER}
    assert set(KINDS) - kinds == set()
    assert all(words["zh"] and words["en"] for words in KINDS.values())


def test_every_rule_is_found_in_a_message_of_the_code(root):
    _, texts = given(root)
    texts += [item.message for item in of_a_document()]
    # What a page looks polluted by is said in the place where it is found.
    texts += [f"The page looks polluted: {text} (7 times: 7)." for text in texts]
    for kind, rules in RULES.items():
        assert ["match" in rule for rule in rules] == [True] * (len(rules) - 1) + [False], kind
        for rule in rules[:-1]:
            found = [match for text in texts if (match := re.search(rule["match"], text))]
            assert found, (kind, rule["match"])


def test_rules_are_whole_sentences_of_gbk_and_ask_for_nothing_that_the_message_lacks():
    for kind, rules in RULES.items():
        for rule in rules:
            assert set(rule) <= {"match", "what", "do"}, kind
            groups = set(re.compile(rule.get("match", "")).groupindex)
            assert {name for _, name, _, _ in Formatter().parse(rule["what"]) if name is not None} == groups, rule
            for text in (rule["what"], rule["do"]):
                assert text.encode("gbk")
                assert text.endswith("。")


@pytest.mark.parametrize(("error", "message", "what"), [
    ("SuffixMismatch", "The name ends in .doc, the content is html; it was read as html.",
     "扩展名是 .doc，内容却是 html；已按内容读入。"),
    ("NotReported", "青溪县民政局 (2021): no annual report among the files (roster line 3).",
     "名单第 3 行的机关，所给文件中没有它 2021 年的报告。"),
    ("NotReported", "柳泽县林业局: no annual report among the files (roster line 4).",
     "名单第 4 行的机关，所给文件中没有它的报告。"),
    ("ScannedPages", "Pages 2, 5 are pictures without text and were not read.", "第 2, 5 页是没有文字的图片，未读入。"),
    ("Frames", "The page shows little text itself and loads: a{0}.html, b.html.",
     "网页本身文字很少，另外载入了：a{0}.html, b.html。"),
    ("EncodingGuess", "Encoding taken for gb18030 with confidence 0.61 (declared: utf-8).",
     "文件没有可靠地写明编码，按 gb18030 读入（把握 0.61）。"),
    ("Mojibake", "12 places were lost when the file was saved (锟斤拷, U+FFFD).",
     "有 12 处文字在保存时已丢失（显示为“锟斤拷”或替换符号）。"),
    ("UnsupportedFormatError", "The file is a RAR archive.", "文件是 RAR 压缩包，本程序只解 ZIP。"),
    ("EncryptedFileError", "Anything.", "文件加了密，没有密码读不出来。"),
    ("PermissionError", "The file cannot be opened: Permission denied.", "文件打不开（Permission denied）。"),
    ("ZeroDivisionError", "division by zero", "程序处理这个文件时出错，没有结果；这是程序的问题，不是报告的问题。"),
])
def test_a_chinese_reader_is_told_in_chinese_and_keeps_the_message(error, message, what):
    told = tell_failure(error, message, "Do this.", "zh")
    assert (told.what, told.detail) == (what, f"{message} Do this.")
    assert told.advice == next(
        rule["do"] for rule in RULES.get(error, RULES[OTHER]) if re.search(rule.get("match", ""), message)
    )


def test_an_english_reader_is_told_what_the_message_and_hint_say():
    told = tell_failure("CutOff", "It may be truncated.", "Compare its end.", "en")
    assert (told.what, told.advice, told.detail) == ("It may be truncated.", "Compare its end.", "")


def test_a_polluted_page_is_flagged_in_chinese_with_what_it_holds():
    warnings = find_pollution("政府信息公(gōng)开(kāi)工作" * 3)
    (flag,) = flag_hygiene("r", warnings)
    assert flag.reason == "页面文字可能被改动：字词后面夹有拼音 6 处（如“公(gōng)、开(kāi)”）。"
    assert '"quote": "公(gōng)、开(kāi)"' in flag.evidence
    other = Failure("p", "read", "CutOff", "It ends.", "Look.")
    assert flag_hygiene("r", [other]) == []
