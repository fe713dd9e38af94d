"""README.md of a data set: the card that Hugging Face reads, configurations and features in its head."""

import json
from typing import Any

import templates
from pipelines.manifest import Manifest, split_rows
from pipelines.recipe import Recipe
from pipelines.store import Store
from renderers.core.sample import SCHEMA, hub_features
from renderers.core.split import SPLITS

_FEATURES = {field.name: hub_features(field.type) for field in SCHEMA}

_SIZES = [(1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M")]


def write_card(store: Store, recipe: Recipe, manifest: Manifest) -> None:
    """Write the card of a data set; `datasets.load_dataset(folder, part)` needs nothing else."""
    names = [part.name for part in recipe.parts if any(file.part == part.name for file in manifest.files)]
    features = [{"name": key, **card_feature(feature)} for key, feature in _FEATURES.items()]
    configs: list[tuple[dict[str, Any], list[str]]] = [
        ({"config_name": name, "data_files": _data_files(manifest, [name])}, [name]) for name in names
    ]
    if len(names) > 1:
        everything = {"config_name": "all", "default": True, "data_files": _data_files(manifest, names)}
        configs.insert(0, (everything, names))
    licences = sorted({name for part in recipe.parts if part.name in names for name in part.licences()})
    head = {
        **({"license": "other", "license_name": "see-below"} if licences else {"license": "apache-2.0"}),
        "pretty_name": f"Glyphmill {recipe.name}",
        "annotations_creators": ["machine-generated"],
        "source_datasets": ["original"],
        "task_categories": ["image-to-text"],
        "tags": ["ocr", "synthetic", "got-ocr2", "glyphmill"],
        "size_categories": [next((name for top, name in _SIZES if manifest.kept < top), "1M<n<10M")],
        "configs": [config for config, _ in configs],
        # No sizes of splits: `load_dataset` with filters compares them with what it has kept, and fails.
        "dataset_info": [{"config_name": config["config_name"], "features": features} for config, _ in configs],
    }
    text = templates.template("card", "README.md").render(
        head=_yaml(head),
        recipe=recipe,
        manifest=manifest,
        licences=licences,
        splits=SPLITS,
        split_rows=split_rows(manifest),
        num_bytes=sum(file.num_bytes for file in manifest.files),
    )
    store.write_bytes("README.md", text.encode())


def _data_files(manifest: Manifest, parts: list[str]) -> list[dict[str, Any]]:
    present = {(file.part, file.split) for file in manifest.files}
    return [
        {"split": split, "path": [f"data/{part}/{split}-*.parquet" for part in parts if (part, split) in present]}
        for split in SPLITS
        if any((part, split) in present for part in parts)
    ]


def card_feature(feature: dict[str, Any]) -> dict[str, Any]:
    """A feature in the short form of a card's head. Source: `datasets`, `Features._to_yaml_list`."""
    kind = feature.get("_type")
    if kind == "Image":
        return {"dtype": "image"}
    if kind == "Value":
        return {"dtype": feature["dtype"]}
    if kind == "List":
        inner = card_feature(feature["feature"])
        length = {"length": feature["length"]} if "length" in feature else {}
        return {"list": inner.get("dtype") or inner.get("struct") or inner, **length}
    return {"struct": [{"name": key, **card_feature(child)} for key, child in feature.items()]}


def _yaml(value: dict[str, Any]) -> str:
    # JSON is YAML; one key a line reads well enough and needs no YAML writer.
    return "\n".join(f"{key}: {json.dumps(item, ensure_ascii=False)}" for key, item in value.items())
