"""Write above each direct dependency in the requirements files the word that pyproject.toml says of it."""

import re
from pathlib import Path

REASON = re.compile(r'^\s+"([A-Za-z0-9_-]+)[^"]*",\s+# (.+)$', re.MULTILINE)


def main() -> None:
    """Each file, in place; running it twice changes nothing."""
    reasons = {name.lower(): reason for name, reason in REASON.findall(Path("pyproject.toml").read_text())}
    for path in map(Path, ("requirements.txt", "deploy/requirements-city.txt", "requirements-dev.txt")):
        lines: list[str] = []
        for line in path.read_text().splitlines():
            name = re.match(r"[A-Za-z0-9_.-]+", line)
            reason = reasons.get(name.group().lower()) if name else None
            if reason and (not lines or lines[-1] != f"# {reason}"):
                lines.append(f"# {reason}")
            lines.append(line)
        path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
