"""Questions and answers about experiments: light to import, for the doors."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from bottega.catalogue.filter import Id, Ids
from bottega.shop.segments.names import SEGMENT_HELP, SEGMENTS_MOST, SegmentName
from bottega.shop.shape import Request, Shape

__all__ = [
    "AdoptExperimentRequest",
    "ExperimentAnswer",
    "ExperimentInfo",
    "ExperimentQuery",
    "ExperimentRequest",
    "ExperimentsAnswer",
    "ExperimentsRequest",
    "LookInfo",
    "MeasureInfo",
    "MeasureName",
    "NewExperimentRequest",
    "PlacementName",
    "PowerAnswer",
    "PowerInfo",
    "PowerRequest",
    "Remark",
    "ShownProduct",
    "VariantInfo",
]

Name = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]*$")]
PlacementName = Literal["home", "product", "cart", "category", "similar", "search"]
MeasureName = Literal["revenue", "buyers", "carts", "refunded"]
StateName = Literal["draft", "running", "stopped", "adopted"]


class ShownProduct(Shape):
    """What a variant shows of one product otherwise: at least one of the three."""

    product_id: Id = Field(description="As the catalogue has it.")
    title: str | None = Field(default=None, min_length=1, max_length=500, description="Its title.")
    description: str | None = Field(default=None, max_length=20_000, description="Its description.")
    image: str | None = Field(
        default=None, min_length=1, max_length=2000, description="Its first picture, as the catalogue names pictures."
    )


class NewExperimentRequest(Request):
    """What is compared. The first variant is the control: as a rule, one that turns nothing."""

    EXAMPLES: ClassVar = {
        "More variety at home": {
            "name": "variety",
            "placements": ["home"],
            "variants": [{"name": "as it is"}, {"name": "varied", "dials": {"diversity": 0.7}}],
        },
        "Another recommender, for one shopper of ten": {
            "name": "popular",
            "variants": [{"name": "blend", "share": 0.9}, {"name": "popular", "share": 0.1, "strategy": "popular"}],
            "measure": "buyers",
            "effect": 0.1,
        },
        "A saved rule, among similar products": {
            "name": "own brand beside",
            "placements": ["similar"],
            "variants": [{"name": "without"}, {"name": "with", "rules": ["own-brand-boost"]}],
        },
        "A saved rule, in lists and searches": {
            "name": "summer first",
            "variants": [{"name": "without"}, {"name": "with", "rules": ["summer-boost"]}],
        },
    }

    class Variant(Shape):
        """One of them."""

        name: Name = Field(description="As it is called everywhere.")
        share: float | None = Field(
            default=None, gt=0, lt=1, description="Of the shoppers; where no variant says any, all get the same."
        )
        strategy: str | None = Field(default=None, max_length=64, description="One recommender by name.")
        dials: dict[str, Any] = Field(
            default_factory=dict,
            max_length=20,
            description="Fields of a request for a list and their values: diversity, diversity_method, novelty, "
            "price_fit, praise, reason_diversity, max_per_brand, max_per_category, exploration.",
        )
        rules: Ids = Field(
            default_factory=list,
            max_length=50,
            description="Ids of saved rules that hold for its shoppers, switched off or not, and not for those of "
            "variants that do not name them.",
        )
        products: list[ShownProduct] = Field(
            default_factory=list,
            max_length=100,
            description="What is shown otherwise where answers carry products.",
        )

    name: Name = Field(description="Letters, digits, blanks, points, dashes: by which it is called from now on.")
    variants: list[Variant] = Field(min_length=2, max_length=8)
    placements: list[PlacementName] = Field(
        default_factory=list, max_length=6, description="Where it is tried; absent: in every place."
    )
    segments: list[SegmentName] = Field(
        default_factory=list,
        max_length=SEGMENTS_MOST,
        description=f"Who takes part, of any of these; everybody where empty. {SEGMENT_HELP}",
    )
    measure: MeasureName = Field(
        default="revenue",
        description="What decides, of each shopper: revenue (paid and kept), buyers (who bought), carts (who filled "
        "one), refunded (money given back).",
    )
    guardrails: list[MeasureName] = Field(
        default=["buyers", "refunded"], max_length=3, description="What must not become worse meanwhile."
    )
    effect: float = Field(
        default=0.05, ge=0.001, le=1, description="The smallest difference worth finding: 0.05 is 5%."
    )
    horizon_days: int = Field(
        default=7, ge=1, le=60, description="Days after a shopper's first list that count for them."
    )


class ExperimentRequest(Request):
    """One experiment."""

    name: Name = Field(description="As the list shows it.")


class ExperimentQuery(ExperimentRequest):
    """One experiment, to be looked at."""

    EXAMPLES: ClassVar = {"How it stands": {"name": "variety"}}


class AdoptExperimentRequest(ExperimentRequest):
    """Give one variant to everybody."""

    EXAMPLES: ClassVar = {"The winner": {"name": "variety", "variant": "varied"}}

    variant: str = Field(max_length=64, description="The variant that everybody gets from the next answer on.")


class ExperimentsRequest(Request):
    """Which experiments, the newest first."""

    state: StateName | None = Field(default=None, description="Only those in this state.")


class MeasureInfo(Shape):
    """One measure of one variant beside the control; differences in shares, 0.03 is 3% more. null: too few to say."""

    measure: MeasureName
    mean: float | None = Field(description="Per shopper; money in major units of the shop's currency.")
    uplift: float | None
    low: float | None = Field(description="The interval holds the truth at every look, with 95% for all variants.")
    high: float | None


class VariantInfo(Shape):
    """One variant and what is known of it."""

    name: str
    share: float
    strategy: str | None
    dials: dict[str, Any]
    rules: list[str]
    products: list[ShownProduct]
    shoppers: int = Field(description="Who were given it.")
    compared: int = Field(description="Of them, those whose days are over; figures are about these.")
    measures: list[MeasureInfo]


class Remark(Shape):
    """What there is to say of one variant by one measure."""

    variant: str
    measure: MeasureName
    guardrail: bool = Field(description="Whether the measure only has to stay as good as it is.")
    standing: Literal["early", "open", "better", "worse", "same", "unlikely"]
    sentence: str
    wait_days: int | None = Field(description="How many more days to wait; null where nobody can tell.")


class ExperimentInfo(Shape):
    """One experiment. Times are ISO 8601, UTC."""

    name: str
    state: StateName
    placements: list[PlacementName] = Field(description="Empty: everywhere.")
    segments: list[str] = Field(description="Who takes part; empty: everybody.")
    measure: MeasureName
    guardrails: list[MeasureName]
    effect: float
    horizon_days: int
    variants: list[str]
    adopted: str | None = Field(description="The variant that everybody gets.")
    made: str
    started: str | None
    ended: str | None
    planned: int = Field(description="Shoppers of the control and the smallest variant in which `effect` shows.")


class ExperimentsAnswer(Shape):
    """Experiments, the newest first."""

    experiments: list[ExperimentInfo]
    strategies: list[str] = Field(description="Strategies that a variant may name.")


class LookInfo(Shape):
    """What decides, as it stood at the end of one day: a variant beside the control, in shares."""

    day: str = Field(description="ISO 8601, UTC.")
    variant: str
    uplift: float
    low: float
    high: float


class ExperimentAnswer(Shape):
    """One experiment with its figures, and what they mean."""

    experiment: ExperimentInfo
    variants: list[VariantInfo]
    split_broken: bool = Field(description="Whether shoppers are divided otherwise than said; believe nothing then.")
    split_p: float = Field(description="The sequential p-value of the split; the alarm goes below 0.01.")
    winner: str | None = Field(description="The variant that may be adopted, if any.")
    summary: str = Field(description="The most important sentence.")
    remarks: list[Remark]
    looks: list[LookInfo] = Field(description="What decides, day by day; days with too few shoppers are left out.")
    currency: str


class PowerRequest(Request):
    """How long an experiment would take, at the traffic of the last four weeks."""

    EXAMPLES: ClassVar = {"Two variants": {"effect": 0.05}, "A small share": {"effect": 0.05, "shares": [0.9, 0.1]}}

    measure: MeasureName = Field(default="revenue", description="What is to differ: as of an experiment.")
    effect: float = Field(default=0.05, ge=0.001, le=1, description="The difference to be found: 0.05 is 5%.")
    shares: list[Annotated[float, Field(gt=0, lt=1)]] = Field(
        default=[0.5, 0.5], min_length=2, max_length=8, description="Of the variants, the control first."
    )
    horizon_days: int = Field(default=7, ge=1, le=60, description="Days after a shopper's first list that count.")


class PowerInfo(Shape):
    """A number of days and the difference that shows in them, in four experiments of five."""

    days: int
    shows: float


class PowerAnswer(Shape):
    """What to expect. null: nobody of the last weeks has done what is measured."""

    mean: float | None = Field(description="Of a shopper of the last weeks.")
    shoppers_a_day: float = Field(description="New ones, who would take part.")
    shoppers_needed: int | None = Field(description="Of the control and the smallest variant together.")
    days: int | None = Field(description="Until they are there and their days are over.")
    shows_in: list[PowerInfo] = Field(description="What would show in two, four and eight weeks.")
    sentence: str
