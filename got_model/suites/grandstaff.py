"""GrandStaff, the test set: systems of piano music, clean and, where they are there, as a camera sees them.

Below the folder lie `x.krn`, `x.jpg` and `x_distorted.jpg` (camera). The test set is what a file `test.txt` lists (the
path of a score a line, from the folder or from one in it); where there is none it is all there is.
Source: Ríos-Vila et al., GrandStaff; SMT, README.md (`grandstaff_dataset`, `partitions_grandstaff`).
"""

from collections.abc import Iterator
from pathlib import Path

from got_model.suites.core.files import read_text
from got_model.suites.core.suite import Sample
from renderers.core.errors import ConfigError
from renderers.core.prompts import PROMPTS

_PICTURES = {"clean": "", "camera": "_distorted"}


def read(folder: Path) -> list[Sample]:
    """A sample for each picture."""
    scores = list(_listed(folder))
    if not scores:
        raise ConfigError(f"{folder} holds no score (*.krn)")
    samples = []
    for name, path in scores:
        pictures = {part: path.with_name(f"{path.stem}{ending}.jpg") for part, ending in _PICTURES.items()}
        found = {part: picture for part, picture in pictures.items() if picture.is_file()}
        if not found:
            raise ConfigError(f"picture {pictures['clean']} of a score is missing")
        target = read_text(path).strip("\n")
        for part, picture in found.items():
            samples.append(
                Sample(
                    id=f"{part}/{name}",
                    images=(picture,),
                    prompt=PROMPTS["format"],
                    target=target,
                    format="kern",
                    language="",
                    metrics=("music", "text"),
                    part=part,
                    kind=name.split("/")[0],
                )
            )
    return samples


def _listed(folder: Path) -> Iterator[tuple[str, Path]]:
    """Name and file of each score."""
    lists = sorted(folder.rglob("test.txt"))
    if not lists:
        for path in sorted(folder.rglob("*.krn")):
            yield path.relative_to(folder).with_suffix("").as_posix(), path
        return
    roots = [folder, *sorted(path for path in folder.iterdir() if path.is_dir())]
    for line in read_text(lists[0]).splitlines():
        if not line.strip():
            continue
        name = Path(line.split()[0]).with_suffix("")
        if name.is_absolute() or ".." in name.parts:
            raise ConfigError(f"{lists[0]} names a score outside of the folder: {line!r}")
        # Lists name scores from the folder of the data, or from the one above it.
        tails = [Path(*name.parts[skip:]) for skip in range(min(3, len(name.parts)))]
        paths = (root / tail.with_name(f"{tail.name}.krn") for tail in tails for root in roots)
        score = next((path for path in paths if path.is_file()), None)
        if score is None:
            raise ConfigError(f"score {line.split()[0]} of {lists[0]} is missing")
        yield name.as_posix(), score


SUITE = read
