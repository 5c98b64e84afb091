"""Two invented reports that share text in all three ways, a third that goes its own way, and a hostile one."""

from __future__ import annotations

from pathlib import Path

SHARED = (
    "2023年，我局通过县政府网站公开信息126条，在云岭县政务大厅设立查阅点，配备电脑两台，安排专人值守，"
    "有效提升了群众查阅的便利程度。\n"
    "窗口每周二上午受理更正申请，更正记录由档案室按月装订，逾期未复核的条目退回经办科室重新登记。\n"
)
TAKEN = (
    "2023年，我局通过县政府网站公开信息98条，在青溪县政务大厅设立查阅点，配备电脑两台，安排专人值守，"
    "切实提高了群众查阅的便利程度。\n"
    "窗口每周二上午受理更正申请，更正记录由档案室按月装订，逾期未复核的条目退回经办科室重新登记。\n"
)
FIRST = (
    "云岭县民政局2023年度政府信息公开工作年度报告\n一、总体情况\n" + SHARED
    + "全县六十二个养老服务点的床位价目在公开栏逐一张贴。\n"
    "五、存在的主要问题及改进情况\n公开栏更换不够勤。\n云岭县民政局\n2024年1月15日\n"
)
SECOND = (
    "青溪县水务局2023年度政府信息公开工作年度报告\n一、总体情况\n"
    "水库防汛预案和值班电话汛前全部上墙。\n" + TAKEN
    + "五、存在的主要问题及改进情况\n取水许可的办理进度查询不便。\n青溪县水务局\n2024年1月20日\n"
)
HOSTILE = '<script>alert("x")</script>"><img src=x onerror=alert(1)>\u202e=HYPERLINK("http://evil","a")\u2028</textarea>'
EVIL = FIRST.replace("有效提升了", f"有效{HOSTILE}提升了").replace("装订，", "装订，" + "x" * 400_000)


def write_pair(folder: Path, second: str = SECOND) -> tuple[Path, Path]:
    """The two files of a comparison."""
    paths = folder / "云岭县民政局 2023.txt", folder / "青溪县水务局 2023.txt"
    for path, text in zip(paths, (FIRST, second), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def write_evil(folder: Path) -> Path:
    """The hostile report as a sheet of one row: a text file with tags in it would be read as a web page."""
    path = folder / "evil.csv"
    text = EVIL.replace('"', '""')
    path.write_text(f'text\n"{text}"\n', encoding="utf-8")
    return path
