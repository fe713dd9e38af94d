"""The programs that the field's metrics come from, run on pairs of target and answer, and what they said kept.

    python -m tests.bench.originals FOLDER [KIND...]

FOLDER holds checkouts of the programs' repositories under their names, and `site/` with the packages that they import
(`pip install --target FOLDER/site --no-deps levenshtein rapidfuzz editdistance distance lxml SmilesPE beautifulsoup4
soupsieve jiwer pylatexenc`). CDM has an environment of its own in `cdm/` (`python -m venv`, `pip install "numpy<2"
"scikit-image<=0.20.0" opencv-python-headless matplotlib tqdm`), and asks for node, TeX with the Chinese fonts of CJK,
and `magick`, for which `bin/` is looked at first. Nothing of theirs is in this repository but the numbers, in
tests/got_model/originals/, which tests/got_model/test_originals.py holds ours against. Their functions are taken out of
their files, whose last lines read command lines and benchmarks.
"""

import ast
import contextlib
import importlib
import json
import os
import subprocess
import sys
import tempfile
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.answers import KINDS, Pair

RECORDS = Path(__file__).parents[1] / "got_model" / "originals"
Scores = dict[str, float | None]
"""{measure: value}; {} where the program leaves a pair out, {"error": None} where it ends."""


def functions(file: Path, **known: Any) -> types.SimpleNamespace:
    """Functions, classes and patterns of a file of Python, without what it does when it is run."""
    kept = []
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        pattern = isinstance(node, ast.Assign) and "re.compile" in ast.unparse(node.value)
        if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef) or pattern:
            kept.append(node)
    names: dict[str, Any] = dict(known) | {"__name__": file.stem}
    sys.path.insert(0, str(file.parent))
    try:
        exec(compile(ast.Module(kept, []), str(file), "exec"), names)  # noqa: S102 the point of it
    finally:
        sys.path.remove(str(file.parent))
    return types.SimpleNamespace(**names)


def safely(call: Callable[..., Scores], *texts: str) -> Scores:
    """What a program gives of texts, or that it ended."""
    try:
        return call(*texts)
    except Exception:
        return {"error": None}


def _got(file: str, name: str) -> Callable[[Path, list[Pair]], list[Scores]]:
    def run(folder: Path, pairs: list[Pair]) -> list[Scores]:
        from nltk.translate import meteor_score

        from got_model.metrics.core.words import wordnet

        # NLTK's own WordNet is a download; Debian's files hold the same words.
        meteor_score.meteor_score.__defaults__ = (*meteor_score.meteor_score.__defaults__[:2], wordnet(), 0.9, 3, 0.5)
        program = functions(folder / file)
        score = getattr(program, name)
        # As their loops call it: label and answer, where the names say prediction and target.
        return [safely(score, "", *pair) for pair in pairs]

    return run


def formatted(folder: Path, pairs: list[Pair]) -> list[Scores]:
    """GOT's formulas and tables of pages."""
    program = functions(folder / _GOT / "eval_ocr_format.py")
    _got(f"{_GOT}/eval_ocr_format.py", "nougat_per_metrics")(folder, [])
    found = []
    for target, answer in pairs:
        page = [{"label": target, "answer": answer}]
        sides = [program.split_text(page, side) for side in ("label", "answer")]
        values: Scores = {}
        for row, one, other in (("formula", sides[0][1], sides[1][1]), ("table", sides[0][2], sides[1][2])):
            scored = program.nougat_per_metrics("", one[0], other[0])
            values |= {f"{row}_{name}": value for name, value in scored.items()}
        found.append(values)
    return found


def scrm(folder: Path, pairs: list[Pair]) -> list[Scores]:
    """OneChart's SCRM, pair by pair, as `eval_ChartSE.py` calls it."""
    program = functions(folder / "OneChart/ChartSE_eval/SCRM.py", datasets=None)
    loop = functions(folder / "OneChart/ChartSE_eval/eval_ChartSE.py", csv_eval=None)
    levels = ("strict", "slight", "high")
    names = ["em", *(f"map_{level}" for level in levels)]
    names += [f"ap{at}_{level}" for level in levels for at in (50, 75, 90)]

    def one(target: str, answer: str) -> Scores:
        try:
            read = json.loads(loop.complete_json_string(answer))
            titles = {field: read[field] for field in ("title", "source", "x_title", "y_title")}
            values = read["values"] if "values" in read else read["data"]
        except Exception:
            return {}
        wanted = json.loads(target)
        scores: Scores = dict(zip(names, program.csv_eval([values], [wanted["values"]], 1), strict=True))
        for field, title in titles.items():
            value = program.ocr_eval([wanted[field]], [title])
            if value != 9999:
                scores[field] = value
        return scores

    return [safely(one, *pair) for pair in pairs]


def music(folder: Path, pairs: list[Pair]) -> list[Scores]:
    """SMT's three rates."""
    sys.modules["loguru"] = types.SimpleNamespace(logger=_Silent())  # type: ignore[assignment]
    # Under this name another of its files imports it.
    sys.modules["utils"] = functions(folder / "SMT/utils.py")  # type: ignore[assignment]
    program = functions(folder / "SMT/eval_functions.py")
    del sys.modules["utils"], sys.modules["loguru"]

    def one(target: str, answer: str) -> Scores:
        return dict(zip(("cer", "ser", "ler"), program.compute_poliphony_metrics([answer], [target]), strict=True))

    return [safely(one, *pair) for pair in pairs]


class _Silent:
    def catch(self, function: Any) -> Any:
        return function


def molecules(folder: Path, pairs: list[Pair]) -> list[Scores]:
    """MolScribe's matches and fingerprints, without its pool of processes."""
    program = functions(folder / "MolScribe/evaluate.py")

    def one(target: str, answer: str) -> Scores:
        def match(**ignored: bool) -> float:
            sides = [program.canonicalize_smiles(side, **ignored)[0] for side in (target, answer)]
            return float((sides[0] or "<empty>") == sides[1])

        return {
            "exact": match(ignore_cistrans=True),
            "graph": match(ignore_cistrans=True, ignore_chiral=True),
            "tanimoto": float(program.tanimoto_similarity(target, answer)),
        }

    return [safely(one, *pair) for pair in pairs]


def tables(folder: Path, pairs: list[Pair]) -> list[Scores]:
    """OmniDocBench's TEDS of tables in its normal form; PubTabNet's own beside it, of the same."""
    theirs = functions(folder / "OmniDocBench/metrics/table_metric.py")
    first = functions(folder / "PubTabNet/src/metric.py")
    normal = functions(folder / "OmniDocBench/utils/data_preprocess.py").normalized_html_table

    def one(target: str, answer: str) -> Scores:
        sides = [normal(side) for side in (target, answer)]
        scores: Scores = {}
        for name, program in (("", theirs), ("pubtabnet_", first)):
            for measure, structure in (("teds", False), ("teds_s", True)):
                scores[name + measure] = program.TEDS(structure_only=structure).evaluate(sides[1], sides[0])
        return scores

    return [safely(one, *pair) for pair in pairs]


def blocks(folder: Path, pairs: list[Pair]) -> list[Scores]:
    """OmniDocBench's edit distance of blocks of text."""
    normal = functions(folder / "OmniDocBench/utils/data_preprocess.py")
    return _edits(lambda text: normal.clean_string(normal.textblock2unicode(text)), pairs)


def formulas(folder: Path, pairs: list[Pair]) -> list[Scores]:
    """OmniDocBench's edit distance of displayed formulas."""
    normal = functions(folder / "OmniDocBench/utils/data_preprocess.py").normalized_formula
    return _edits(normal, [(rf"\[{target}\]", rf"\[{answer}\]") for target, answer in pairs])


def _edits(normal: Callable[[str], str], pairs: list[Pair]) -> list[Scores]:
    distance = importlib.import_module("Levenshtein").distance

    def one(target: str, answer: str) -> Scores:
        # As its loop: what has nothing left in its normal form is compared as it is.
        sides = [normal(side) or side for side in (target, answer)]
        return {"edit": distance(*sides) / max(map(len, sides))} if any(sides) else {}

    return [safely(one, *pair) for pair in pairs]


def cdm(folder: Path, pairs: list[Pair]) -> list[Scores]:
    """CDM, by its own command."""
    with tempfile.TemporaryDirectory() as name:
        asked = [{"img_id": f"{at:03d}", "gt": pair[0], "pred": pair[1]} for at, pair in enumerate(pairs)]
        (Path(name) / "pairs.json").write_text(json.dumps(asked), encoding="utf-8")
        subprocess.run(
            [folder / "cdm/bin/python", "evaluation.py", "-i", f"{name}/pairs.json", "-o", f"{name}/out", "-p", "2"],
            cwd=folder / "UniMERNet/cdm",
            env=os.environ | {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}"},
            stdout=sys.stderr,
            check=True,
        )
        details = json.loads((Path(name) / "out/pairs/metrics_res.json").read_text())["details"]
    f1s = [details[one["img_id"]]["F1_score"] if one["img_id"] in details else None for one in asked]
    return [{} if f1 is None else {"cdm": f1, "exp_rate": float(f1 == 1)} for f1 in f1s]


def figures(folder: Path, pairs: list[Pair]) -> list[Scores]:
    """Slow Perception's F1 of lines, of those that TikZ draws."""
    from got_model.metrics.core.strokes import read_figure
    from renderers.labels.tikz.primitives import Path as Stroke

    program = functions(folder / "Slow-Perception/calculate_f1.py")

    def lines(text: str) -> list[Any]:
        strokes = [one for one in read_figure(text)[0] if isinstance(one, Stroke)]
        return [tuple(sorted((stroke.start, stroke.steps[-1]))) for stroke in strokes]

    def one(target: str, answer: str) -> Scores:
        targets, answers = lines(target), list(program.merge_lines(lines(answer)))
        scores: Scores = {}
        for name, least in (("", 0.75), ("_90", 0.9)):
            found = program.calculate_f_score(answers, targets, least)
            scores |= dict(zip((f"f1{name}", f"precision{name}", f"recall{name}"), found, strict=True))
        few = program.split_short_long(answers, targets, 8)
        scores["f1_short"] = program.calculate_f_score(few[0], few[1], 0.75)[0]
        scores["f1_long"] = program.calculate_f_score(few[2], few[3], 0.75)[0]
        return scores

    return [safely(one, *pair) for pair in pairs]


def rates(_: Path, pairs: list[Pair]) -> list[Scores]:
    """jiwer's rates."""
    jiwer = importlib.import_module("jiwer")

    def one(target: str, answer: str) -> Scores:
        return {"cer": jiwer.cer(target, answer), "wer": jiwer.wer(target, answer)}

    return [safely(one, *pair) for pair in pairs]


_GOT = "GOT-OCR2.0/GOT-OCR-2.0-master/GOT/eval/pyevaltools"
PROGRAMS: dict[str, tuple[str, Callable[[Path, list[Pair]], list[Scores]]]] = {
    "got_text": ("texts", _got(f"{_GOT}/eval_ocr.py", "nougat_per_metrics")),
    "got_scene": ("texts", _got(f"{_GOT}/eval_ocr_scene.py", "nougat_per_metrics")),
    "fox": ("texts", _got("Fox/eval_tools/eval_ocr_test.py", "cal_per_metrics")),
    "got_formatted": ("pages", formatted),
    "scrm": ("charts", scrm),
    "molscribe": ("molecules", molecules),
    "smt": ("music", music),
    "teds": ("tables", tables),
    "slow_perception": ("figures", figures),
    "jiwer": ("texts", rates),
    "cdm": ("formulas", cdm),
    "omnidocbench_text": ("blocks", blocks),
    "omnidocbench_formulas": ("formulas", formulas),
}
"""Name of a record: the pairs, and the program."""


def main(folder: Path, names: list[str]) -> None:
    """Run programs and keep what they say."""
    sys.path.append(str(folder / "site"))
    RECORDS.mkdir(exist_ok=True)
    for kind in dict.fromkeys(PROGRAMS[name][0] for name in names):
        lines = "\n,".join(json.dumps(pair, ensure_ascii=False) for pair in KINDS[kind]())
        (RECORDS / f"pairs_{kind}.json").write_text(f"[{lines}]\n", encoding="utf-8")
    for name in names:
        kind, program = PROGRAMS[name]
        with contextlib.redirect_stdout(sys.stderr):
            scores = program(folder, KINDS[kind]())
        lines = "\n,".join(json.dumps({key: _short(value) for key, value in one.items()}) for one in scores)
        (RECORDS / f"{name}.json").write_text(f"[{lines}]\n", encoding="utf-8")


def _short(value: float | None) -> float | None:
    return value if value is None else round(float(value), 9)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or list(PROGRAMS))
