"""The documents: links, named files and tests, form and words; and no file says what is nobody's business."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub and GitLab make them."""
    headings = re.findall(r"^#+ (.*)", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", page.read_text("utf-8")):
        path, _, anchor = target.partition("#")
        goal = (page.parent / path).resolve() if path else page
        assert goal.exists(), target
        assert not anchor or anchor in anchors(goal), target


@every_page
def test_every_file_and_every_test_that_is_named_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    files = re.findall(r"`((?:app\.py|(?:bench|campaigns|deploy|docs|migrations|templates|tests)/[\w./-]*))`", text)
    assert [name for name in files if not (ROOT / name).exists() and name != "docs/"] == []
    written = "\n".join(file.read_text("utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name in re.findall(r"`(test_\w+)`", text) if f"def {name}(" not in written] == []


def test_decisions_are_numbered_and_have_one_form() -> None:
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    for page in DECISIONS:
        text = page.read_text("utf-8")
        assert text.startswith(f"# {int(page.name[:4])}. ")
        assert re.findall(r"^## (.*)", text, re.MULTILINE) == ["Context", "Decision", "Roads not taken", "Consequences"]
        assert len(text.split()) <= 400, f"{page.name} is longer than a page"


def sentences(page: Path) -> list[str]:
    """The sentences of a page's paragraphs and lists."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    lines = [line for line in text.splitlines() if not line.startswith(("|", "#"))]
    blocks = re.split(r"\n\s*\n|\n(?=\s*(?:\*|-|\d+\.) )", "\n".join(lines))
    return [sentence for block in blocks for sentence in re.split(r"(?<=[.!?:;])\s+", " ".join(block.split()))]


PRAISE = re.compile(
    r"\b(simply|easily|powerful|seamless\w*|robust|blazing\w*|leverag\w*|utili[sz]e\w*|cutting-edge|world-class|"
    r"state-of-the-art|effortless\w*|delightful|best-in-class|next-generation|revolutionary)\b",
    re.IGNORECASE,
)


@every_page
def test_the_language_is_plain(page: Path) -> None:
    assert [sentence for sentence in sentences(page) if len(sentence.split()) > 40] == []
    assert PRAISE.findall(page.read_text("utf-8")) == []


# Put together here, so that this file does not hold what it looks for.
FORBIDDEN = re.compile(
    "|".join(
        (
            *(re.escape(".".join(host)) for host in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"),
                                                      ("npmjs", "com"), ("unpkg", "com"), ("jsdelivr", "net"))),
            r"(?<![\w.])/" + r"(?:work|root/work|home/\w+|Users/\w+)/",
            r"(?<![\w.~])/" + r"tmp/[\w.-]+",
            "(?:sk|rk|pk)" + r"_(?:live|test)_[0-9A-Za-z]{6,}",
            "whsec" + r"_[0-9A-Za-z+/]{6,}",
            "-----BEGIN " + "[A-Z ]*PRIVATE KEY",
        )
    )
)  # fmt: skip


def kept_files() -> list[Path]:
    """Everything that is, or would be, under version control and is text."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listing.stdout.decode().split("\0")
    return [
        file for name in names if name and (file := ROOT / name).is_file() and b"\0" not in file.read_bytes()[:8000]
    ]


def test_no_file_names_a_registry_a_path_of_some_machine_or_a_key() -> None:
    files = kept_files()
    assert len(files) > len(PAGES)
    found = [f"{file.relative_to(ROOT)}: {hit}" for file in files for hit in FORBIDDEN.findall(file.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "https://" + "pypi" + ".org/simple", "see /" + "work/main", "rm /" + "tmp/x.zip",
        "key " + "sk" + "_live_" + 8 * "a", "wh" + "sec_" + 8 * "b",
    ],
)  # fmt: skip
def test_the_search_finds_what_it_is_for(text: str) -> None:
    assert FORBIDDEN.search(text)
