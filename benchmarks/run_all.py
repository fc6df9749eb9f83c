"""Runs every benchmark one after the other and says where its page stands. Takes about an hour on two cores.

    python benchmarks/run_all.py [NAME ...]        names: those of RUNS; all where absent

Data sets are looked for in BOTTEGA_DATA, else in ../shared/data; benchmarks whose data are not there are passed over
and named.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from common import DATA, HERE

AMAZON = DATA / "amazon"

BEAUTY: list[str | Path] = [
    "--sequences",
    AMAZON / "Beauty.txt.gz",
    "--attributes",
    AMAZON / "Beauty_item2attributes.json.gz",
]
TOYS: list[str | Path] = [
    "--sequences",
    AMAZON / "Toys_and_Games.txt.gz",
    "--attributes",
    AMAZON / "Toys_and_Games_item2attributes.json.gz",
]
OFFICE: list[str | Path] = ["--set", f"office={DATA / 'office' / 'products.jsonl.gz'}"]
DEMO = HERE.parent / "demo-shop"
"""As `make demo` makes it; what asks it is passed over where it is absent."""
PRODUCT = HERE.parent / "src" / "bottega" / "models" / "studio" / "weights" / "product"
"""The generator that ships; its benchmarks are passed over where none does."""
GROCERY: list[str | Path] = ["--data", DATA / "grocery"]

RUNS: dict[str, tuple[str, list[str | Path]]] = {
    "beauty": ("ranking.py", BEAUTY),
    "toys": ("ranking.py", TOYS),
    "time_split": ("time_split.py", GROCERY),
    "honest_splits": ("honest_splits.py", ["--data", DATA, "--seeds", "0", "--cuts", "1.0"]),
    "affinity": ("affinity.py", [*BEAUTY, "--seeds", "0,1,2"]),
    "chances": ("chances.py", [*GROCERY, "--shop", DEMO]),
    "relations": ("relations.py", GROCERY),
    "treadmill": ("treadmill.py", ["--seed", "11", *GROCERY]),
    "adversarial": ("adversarial.py", ["--data", DATA]),
    "variational": ("variational.py", BEAUTY),
    "semantic_ids": ("semantic_ids.py", BEAUTY),
    "diversity": ("diversity.py", BEAUTY),
    "parts": ("parts.py", ["--test", DATA / "parsing", "--split", "0.2", "--covered", "--shop", DATA / "fashion"]),
    "parts_projection": ("parts_projection.py", ["--street", DATA / "parsing"]),
    "eye": ("eye.py", ["--test", DATA / "fashion", "--split", "0.15"]),
    "eye_fairness": ("eye_fairness.py", ["--data", DATA / "fashion", "--street", DATA / "parsing"]),
    "eye_joint": ("eye_joint.py", []),
    "eye_weak": ("eye_weak.py", []),
    "eye_verticals": ("eye_verticals.py", ["--test", DATA / "furniture", "--rest"]),
    "shop_to_street": ("shop_to_street.py", ["--data", DATA / "fashion", "--street", DATA / "parsing"]),
    "outfits": ("outfits.py", []),
    "visual_cold": ("visual_cold.py", []),
    "assistant": ("assistant.py", ["--dialogues", DATA / "conversation" / "assistant_dialogues.jsonl.gz"]),
    "merchant_lines": ("merchant_lines.py", []),
    "assistant_learning": ("assistant_learning.py", ["--data", DATA]),
    "assistant_shoppers": ("assistant_shoppers.py", ["--data", DATA]),
    "assistant_facts": ("assistant_facts.py", []),
    "assistant_injection": ("assistant_injection.py", []),
    "assistant_naturalness": ("assistant_naturalness.py", []),
    "assistant_speed": ("assistant_speed.py", []),
    "search_queries": ("search_queries.py", [DATA.parent / "eval" / "search_queries.jsonl", *OFFICE]),
    "search_by_rule": ("search_by_rule.py", ["half_b", "--office", DATA / "office" / "products.jsonl.gz"]),
    "search_speed": ("search_speed.py", []),
    "like_but": ("like_but.py", [DEMO, "--half", "b"]),
    "photo_floors": ("photo_floors.py", [DEMO]),
    "reasons": ("reasons.py", ["--shop", DEMO]),
    "shop_window": ("shop_window.py", ["--shop", DEMO]),
    "intake": ("intake.py", []),
    "search_words": ("search_words.py", ["--photos", DATA / "fashion"]),
    "search_scale": ("search_scale.py", ["--photos", DATA / "fashion"]),
    "sentiment": ("sentiment.py", []),
    "review_ranking": ("review_ranking.py", []),
    "review_features": ("review_features.py", []),
    "search_personal": ("search_personal.py", [DEMO]),
    "words_proof": ("words_proof.py", ["planted"]),
    "words_reading": ("words_reading.py", ["beginnings"]),
    "words_success": ("words_success.py", []),
    "words_personal": ("words_personal.py", []),
    "words_plans": ("words_plans.py", ["plane", "--few", "500", "--steps", "400"]),
    "words_titles": ("words_plans.py", ["titles"]),
    "words_mined": ("words_mined.py", []),
    "assistant_reading": ("assistant_reading.py", []),
    "bodies": ("bodies.py", []),
    "turntable": ("turntable.py", ["--things", "48", "--every", "4"]),
    "key_points": ("key_points.py", ["--test", DATA / "parsing", "--shop", DATA / "fashion"]),
    "garments": ("garments.py", ["--most", "6"]),
    "dressed": ("dressed.py", []),
    "dressed_identity": ("dressed_identity.py", ["--outfits", "16"]),
    "face_things": ("face_things.py", []),
    "hair": ("hair.py", ["--test", DATA / "parsing"]),
    "try_on": ("try_on.py", ["--data", DATA, "--people", "87", "--swaps", "26"]),
    "rescue": ("rescue.py", ["--most", "14", "--tagged", "200"]),
    "recolour_skin": ("recolour_skin.py", []),
    "recolour": ("recolour.py", ["--pairs", "45", "--words", "2", "--seed", "1"]),
    "composer": ("composer.py", ["--work", HERE / "composer_work", "--outfits", "30"]),
    "rescue_faults": ("rescue_faults.py", ["--most", "24"]),
    "video": ("video.py", ["--most", "8"]),
    "cartoon": ("cartoon.py", ["--most", "6"]),
    "rescue_ghosts": ("rescue_ghosts.py", []),
    "print_on": ("print_on.py", ["--songs", DATA / "songs", "--own", DATA / "fashion"]),
    "product_gan": ("product_gan.py", ["--work", HERE / "product_work"]),
    "sketch": ("sketch.py", ["--work", HERE / "sketch_work"]),
    "product_refine": ("product_words.py", ["refine", "--model", PRODUCT]),
    "product_search": ("product_words.py", ["search", "--model", PRODUCT, "--work", HERE / "product_work"]),
    "product_found": ("product_words.py", ["found", "--model", PRODUCT]),
    "product_scarce": ("product_words.py", ["scarce", "--model", PRODUCT, "--work", HERE / "product_work"]),
    "doubts": ("doubts.py", ["--test", DATA / "fashion"]),
    "tags": ("tags.py", ["--test", DATA / "fashion"]),
    "synthetic": ("synthetic.py", []),
    "realtime": ("realtime.py", BEAUTY),
    "serving": ("serving.py", []),
    "beside_search": ("beside_search.py", []),
    "jobs": ("jobs.py", ["--rate", "20"]),
    "job_kills": ("job_kills.py", []),
    "folding": ("folding.py", []),
    "many_shops": ("many_shops.py", []),
    "faults": ("faults.py", []),
    "console_tasks": ("console_tasks.py", []),
    "fuzz_console": ("fuzz_console.py", []),
    "fuzz_roles": ("fuzz_roles.py", []),
    "experiments": ("experiments.py", []),
    "exploration": ("exploration.py", []),
    "answer_contract": ("answer_contract.py", []),
    "assistant_handover": ("assistant_handover.py", []),
    "answer_cost": ("answer_cost.py", []),
    "rules": ("rules.py", ["--products", "2000", "--epochs", "1", "--asked", "60"]),
    "batch_peers": ("batch_peers.py", []),
    "memory": ("memory.py", []),
    "scaling": ("scaling.py", []),
    "scaling_open": ("scaling_open.py", []),
    "ten_million": ("ten_million.py", []),
}


def main() -> int:
    names = sys.argv[1:] or list(RUNS)
    unknown = [name for name in names if name not in RUNS]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(RUNS)}.")
        return 2
    failed = []
    for name in names:
        script, arguments = RUNS[name]
        missing = [path for path in arguments if isinstance(path, Path) and not path.exists()]
        if missing:
            print(f"== {name}: passed over, there is no {missing[0]}; set BOTTEGA_DATA, or `make demo` first")
            continue
        print(f"== {name}: {script} (its page: benchmarks/{Path(script).stem}.md)", flush=True)
        done = subprocess.run([sys.executable, HERE / script, *arguments], check=False)
        failed += [name] * (done.returncode != 0)
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
