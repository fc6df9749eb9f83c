"""The verbs, each said once: its name, where its code is, what it takes and gives, and at which doors it stands.

HTTP routes and commands are made from this list, and whoever else opens a door (jobs, a console, an assistant) takes it
from here too: a new ability is one file in a group of this room and one line below. Nothing is imported before it is
used, so that a door may read the list at no cost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bottega.shop.open_shop import OpenShop
    from bottega.shop.shape import Shape

__all__ = ["VERBS", "Kind", "Verb", "verb"]


class Kind(StrEnum):
    """What a verb does to the shop, and how long it may take."""

    ANSWER = "answer"
    """Reads, and answers at once."""
    WRITE = "write"
    """Changes what the shop knows, and answers at once."""
    JOB = "job"
    """Takes its time and tells its `progress`, while whoever asked waits; whether it may be asked for and left to a
    worker is another question (`Verb.later`)."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One ability: `verb(shop: OpenShop, request: Request) -> Answer`; a job takes `progress`, too."""

    name: str
    kind: Kind
    function: str
    """Module and name within this room, as in `search.words:search_text`."""
    request: str
    """The same of the shape it takes; a name alone lies in the function's module, a whole address anywhere."""
    answer: str
    """The same of the shape it gives."""
    help: str
    """One line for every door's manual."""
    route: str = ""
    """Method and path over HTTP, as in `POST /v1/search`; empty where there is none."""
    command: str = ""
    """Words on the command line, as in `closet add`; empty where there is none."""
    arguments: tuple[str, ...] = ()
    """Fields of the request that the command takes by their place."""
    status: int = 200
    """Of an answer over HTTP; 202 where the work only begins."""
    later: bool = False
    """Whether a worker may do it later (`start_job`). Jobs of one lane run one after the other."""
    lane: str = ""
    """The lane of its jobs, where that is not its own name."""
    visitor: str = ""
    """Module and name of what makes a request that of the visitor who asks with a publishable key, or refuses it.
    Empty: the verb is closed to such keys. Nothing else in the house says what a browser may do."""
    refusal: str = ""
    """Module and name of what raises an error for a request that would fail later; asked when a job is asked for."""

    @property
    def run(self) -> Callable[..., Any]:
        """The function itself."""
        found: Callable[..., Any] = self._named(self.function)
        return found

    def refuse(self, request: Shape) -> None:
        """Raise what the function would raise for these values, before anything is done."""
        if self.refusal:
            self._named(self.refusal)(request)

    def as_visitor(self, shop: OpenShop, request: Any) -> Any:
        """The request as a visitor may ask it. Raises `VisitorRefused`."""
        if not self.visitor:
            refused: Exception = self._named("bottega.shop.visitors:closed_to_visitors")(self.route or self.name)
            raise refused
        return self._named(self.visitor)(shop, request)

    @property
    def takes(self) -> type[Shape]:
        """The shape of its request."""
        found: type[Shape] = self._named(self.request)
        return found

    @property
    def gives(self) -> type[Shape]:
        """The shape of its answer."""
        found: type[Shape] = self._named(self.answer)
        return found

    @property
    def method(self) -> str:
        return self.route.partition(" ")[0]

    @property
    def path(self) -> str:
        return self.route.partition(" ")[2]

    def _named(self, place: str) -> Any:
        module, _, name = place.rpartition(":")
        module = module or self.function.partition(":")[0]
        return getattr(import_module(module if module.startswith("bottega.") else f"bottega.actions.{module}"), name)


VERBS = (
    Verb(
        "recommend",
        Kind.ANSWER,
        "recommend.recommend:recommend",
        "recommend.shapes:RecommendationRequest",
        "recommend.shapes:RecommendationAnswer",
        "A list of products for one place on the site, each with a source and a reason.",
        route="POST /v1/recommendations",
        visitor="visitors.own:own_list",
        command="recommend",
    ),
    Verb(
        "similar",
        Kind.ANSWER,
        "recommend.find_similar:find_similar",
        "recommend.shapes:SimilarRequest",
        "recommend.shapes:SimilarAnswer",
        "Products like one product, by what they are; never itself nor its variants.",
        route="POST /v1/similar",
        visitor="visitors.own:anybody",
    ),
    Verb(
        "search",
        Kind.ANSWER,
        "search.words:search_text",
        "search.shapes:SearchRequest",
        "search.shapes:SearchAnswer",
        "Products by words, by listing and by photo; with a product, products like that one but for the words.",
        route="POST /v1/search",
        visitor="visitors.own:anybody",
        command="search",
        arguments=("text",),
    ),
    Verb(
        "complete",
        Kind.ANSWER,
        "search.complete:complete",
        "search.shapes:CompleteRequest",
        "search.shapes:CompleteAnswer",
        "What somebody may mean while they type: past searches that led to products, categories, brands, products.",
        route="GET /v1/search/completions",
        visitor="visitors.own:anybody",
        command="complete",
        arguments=("text",),
    ),
    Verb(
        "list_synonyms",
        Kind.ANSWER,
        "search.synonyms:list_synonyms",
        "search.synonym_shapes:SynonymsRequest",
        "search.synonym_shapes:SynonymsAnswer",
        "What the merchant says that words mean.",
        route="GET /v1/synonyms",
        command="synonyms list",
    ),
    Verb(
        "put_synonyms",
        Kind.WRITE,
        "search.synonyms:put_synonyms",
        "search.synonym_shapes:PutSynonymsRequest",
        "search.synonym_shapes:PutSynonymsAnswer",
        "Say what words mean: one another, or others and not the other way about. The next search heeds it.",
        route="POST /v1/synonyms",
    ),
    Verb(
        "delete_synonyms",
        Kind.WRITE,
        "search.synonyms:delete_synonyms",
        "search.synonym_shapes:DeleteSynonymsRequest",
        "search.synonym_shapes:DeleteSynonymsAnswer",
        "Take back what words mean, by number.",
        route="POST /v1/synonyms/delete",
        command="synonyms delete",
        arguments=("numbers",),
    ),
    Verb(
        "import_synonyms",
        Kind.JOB,
        "intake.import_synonyms:import_synonyms",
        "ImportSynonymsRequest",
        "bottega.actions.intake.import_report:ImportReport",
        "Import what words mean from a file; importing it again changes nothing.",
        command="import synonyms",
        arguments=("source",),
    ),
    Verb(
        "search_photo",
        Kind.ANSWER,
        "search.photo:search_photo",
        "search.shapes:PhotoSearchRequest",
        "search.shapes:PhotoSearchAnswer",
        "Products like those on one photo, for each product seen in it; with `but`, like them but for these words.",
        route="POST /v1/search/image",
        visitor="visitors.own:anybody",
    ),
    Verb(
        "tag",
        Kind.ANSWER,
        "vision.tag:tag_photos",
        "vision.shapes:TagRequest",
        "vision.shapes:TagAnswer",
        "What photos show: category and attributes with confidence, colours, likely searches, and what is not known.",
        route="POST /v1/tags",
        command="tag",
        arguments=("photos",),
    ),
    Verb(
        "list_suggestions",
        Kind.ANSWER,
        "vision.suggestions:list_suggestions",
        "vision.shapes:SuggestionQuery",
        "vision.shapes:SuggestionPage",
        "What the eye suggests for products, a page at a time, the surest first.",
        route="GET /v1/suggestions",
        command="suggestions list",
    ),
    Verb(
        "decide_suggestions",
        Kind.WRITE,
        "vision.suggestions:decide_suggestions",
        "vision.shapes:DecisionRequest",
        "vision.shapes:DecisionAnswer",
        "Accept or reject many at once. What is accepted stands in the product in the very next answer.",
        route="POST /v1/suggestions/decide",
    ),
    Verb(
        "compare",
        Kind.ANSWER,
        "catalogue.compare:compare",
        "CompareRequest",
        "CompareAnswer",
        "Two or more products side by side: attributes, price and stock, what sets them apart first.",
        route="POST /v1/products/compare",
        command="compare",
        arguments=("product_ids",),
    ),
    Verb(
        "browse",
        Kind.ANSWER,
        "catalogue.browse:browse",
        "BrowseRequest",
        "BrowseAnswer",
        "Visible products grouped with their variants, category by category.",
    ),
    Verb(
        "variants",
        Kind.ANSWER,
        "catalogue.browse:variants",
        "VariantsRequest",
        "VariantsAnswer",
        "What the shop shows of some products: each with its variants.",
    ),
    Verb(
        "known_shoppers",
        Kind.ANSWER,
        "shoppers.known:known_shoppers",
        "KnownRequest",
        "KnownAnswer",
        "Shoppers with a history worth showing, of different leading tastes.",
    ),
    Verb(
        "about_shopper",
        Kind.ANSWER,
        "shoppers.known:about_shopper",
        "AboutRequest",
        "AboutAnswer",
        "What a shopper did, newest first, and what sets them apart.",
    ),
    Verb(
        "record_events",
        Kind.WRITE,
        "intake.record_events:record_events",
        "intake.shapes:RecordRequest",
        "intake.shapes:IngestAnswer",
        'Take one event, a list, or `{"events": [...]}`. What is accepted is on disk and in the very next answer.',
        route="POST /v1/events",
        visitor="visitors.own:own_events",
    ),
    Verb(
        "upsert_products",
        Kind.WRITE,
        "intake.upsert_products:upsert_products",
        "intake.shapes:UpsertRequest",
        "intake.shapes:UpsertAnswer",
        'Add or replace one product, a list, or `{"products": [...]}`. They may appear in the very next answer.',
        route="POST /v1/products",
    ),
    Verb(
        "change_products",
        Kind.WRITE,
        "intake.change_products:change_products",
        "intake.shapes:ChangeRequest",
        "intake.shapes:ChangeAnswer",
        "Change some fields of products, as stock and prices; the rest of each stays as it is.",
        route="PATCH /v1/products",
    ),
    Verb(
        "discontinue_products",
        Kind.WRITE,
        "intake.change_products:discontinue_products",
        "intake.shapes:DiscontinueProductsRequest",
        "intake.shapes:DiscontinueAnswer",
        "Take products out of every list, search and page; what models learnt of them stays.",
        route="POST /v1/products/discontinue",
        command="products discontinue",
        arguments=("product_ids",),
    ),
    Verb(
        "query_products",
        Kind.ANSWER,
        "intake.query_products:query_products",
        "intake.shapes:ProductQuery",
        "intake.shapes:ProductQueryAnswer",
        "Search the catalogue, a page at a time, hidden products included.",
        route="POST /v1/products/query",
    ),
    Verb(
        "list_events",
        Kind.ANSWER,
        "intake.single_events:list_events",
        "ListEventsRequest",
        "ListEventsAnswer",
        "Events one by one, a page at a time.",
    ),
    Verb(
        "remove_events",
        Kind.WRITE,
        "intake.single_events:remove_events",
        "RemoveEventsRequest",
        "RemoveEventsAnswer",
        "Take events back; the next answer no longer knows them.",
    ),
    Verb(
        "keep_products",
        Kind.WRITE,
        "intake.foreign_products:keep_products",
        "KeepProductsRequest",
        "KeepProductsAnswer",
        "Products as callers of other systems say them, merged into the catalogue.",
    ),
    Verb(
        "foreign_products",
        Kind.ANSWER,
        "intake.foreign_products:foreign_products",
        "ForeignProductsQuery",
        "ForeignProductsAnswer",
        "Products with what a caller of another system said of them.",
    ),
    Verb(
        "newest_products",
        Kind.ANSWER,
        "intake.foreign_products:newest_products",
        "NewestRequest",
        "ForeignProductsAnswer",
        "Products that came last.",
    ),
    Verb(
        "discontinue",
        Kind.WRITE,
        "intake.foreign_products:discontinue",
        "DiscontinueRequest",
        "KeepProductsAnswer",
        "Show products no more.",
    ),
    Verb(
        "keep_shoppers",
        Kind.WRITE,
        "shoppers.foreign_shoppers:keep_shoppers",
        "KeepShoppersRequest",
        "KeepShoppersAnswer",
        "What callers of other systems say of shoppers, word for word.",
    ),
    Verb(
        "foreign_shoppers",
        Kind.ANSWER,
        "shoppers.foreign_shoppers:foreign_shoppers",
        "ForeignShoppersQuery",
        "ForeignShoppersAnswer",
        "Shoppers with what a caller of another system said of them.",
    ),
    Verb(
        "affinities",
        Kind.ANSWER,
        "shoppers.affinities:affinities",
        "AffinityRequest",
        "AffinityAnswer",
        "What a shopper is drawn to: attributes of the catalogue, each value with its probability for what comes next.",
        route="GET /v1/affinities",
    ),
    Verb(
        "declare_tastes",
        Kind.WRITE,
        "shoppers.affinities:declare_tastes",
        "DeclareRequest",
        "DeclareAnswer",
        "What a shopper says to like. It counts at once, and less with every event that comes after it.",
        route="POST /v1/affinities/declare",
    ),
    Verb(
        "wishes",
        Kind.ANSWER,
        "shoppers.wishes:wishes",
        "WishesRequest",
        "WishesAnswer",
        "What is on a shopper's wish list, the newest first.",
        route="GET /v1/wishes",
        command="wishes list",
        arguments=("shopper",),
    ),
    Verb(
        "take_back_wishes",
        Kind.WRITE,
        "shoppers.wishes:take_back_wishes",
        "TakeBackRequest",
        "TakenBackAnswer",
        "Take products off a shopper's wish list; the next answer no longer knows that they were wished for.",
        route="POST /v1/wishes/remove",
        command="wishes remove",
        arguments=("shopper", "product_ids"),
    ),
    Verb(
        "tell_shopper",
        Kind.WRITE,
        "shoppers.shopper:tell_shopper",
        "shoppers.shapes:TellShopperRequest",
        "KnownShopperAnswer",
        "What is told of a shopper: name, language, country, age, e-mail, consent. It counts from the next answer on.",
        route="POST /v1/shoppers",
        command="shopper set",
        arguments=("shopper",),
    ),
    Verb(
        "show_shopper",
        Kind.ANSWER,
        "shoppers.shopper:show_shopper",
        "shoppers.shapes:ShopperQuery",
        "KnownShopperAnswer",
        "What the shop was told of a shopper, what they agreed to, and when they were first and last seen.",
        route="POST /v1/shoppers/query",
        command="shopper show",
        arguments=("shopper",),
    ),
    Verb(
        "export_catalogue",
        Kind.JOB,
        "catalogue.export_catalogue:export_catalogue",
        "ExportCatalogueRequest",
        "ExportCatalogueAnswer",
        "The catalogue as a file that Google, Meta or a shop platform takes.",
        command="export catalogue",
    ),
    Verb(
        "export_shopper",
        Kind.ANSWER,
        "shoppers.export_shopper:export_shopper",
        "shoppers.shapes:ShopperRequest",
        "shoppers.shapes:ExportAnswer",
        "Everything the shop remembers of one shopper.",
        route="POST /v1/shoppers/export",
        command="export shopper",
        arguments=("shopper",),
    ),
    Verb(
        "forget",
        Kind.WRITE,
        "shoppers.forget:forget",
        "shoppers.shapes:ShopperRequest",
        "shoppers.shapes:ForgetAnswer",
        "Delete everything the shop remembers of one shopper; the next answer no longer knows them.",
        route="POST /v1/shoppers/forget",
        command="forget",
        arguments=("shopper",),
    ),
    Verb(
        "add_to_closet",
        Kind.WRITE,
        "closet.closet:add_to_closet",
        "closet.shapes:ClosetRequest",
        "closet.shapes:ClosetAnswer",
        "A shopper's photos become items of their closet: what they are, their colours, and products like them.",
        route="POST /v1/closet",
        command="closet add",
        arguments=("shopper", "photos"),
    ),
    Verb(
        "closet",
        Kind.ANSWER,
        "closet.closet:closet_of",
        "closet.shapes:ClosetQuery",
        "closet.shapes:ClosetAnswer",
        "What hangs in a shopper's closet, the newest first.",
        route="GET /v1/closet",
        command="closet list",
        arguments=("shopper",),
    ),
    Verb(
        "outfit",
        Kind.ANSWER,
        "closet.outfits:outfit",
        "closet.shapes:OutfitRequest",
        "closet.shapes:OutfitAnswer",
        "What goes with a product or with an item of a closet, slot by slot, each suggestion with its reasons.",
        route="POST /v1/outfits",
        command="outfit",
    ),
    Verb(
        "remove_from_closet",
        Kind.WRITE,
        "closet.closet:remove_from_closet",
        "closet.shapes:ClosetRemoval",
        "closet.shapes:RemovedAnswer",
        "Take items out of a closet; a kept photo goes with its last item.",
        route="POST /v1/closet/remove",
        command="closet remove",
        arguments=("shopper", "closet_items"),
    ),
    Verb(
        "outfit_for_photo",
        Kind.ANSWER,
        "closet.outfits:outfit_for_photo",
        "closet.shapes:PhotoOutfitRequest",
        "closet.shapes:OutfitAnswer",
        "What goes with the garments on one photo.",
        route="POST /v1/outfits/image",
    ),
    Verb(
        "import_catalogue",
        Kind.JOB,
        "intake.import_catalogue:import_catalogue",
        "intake.shapes:ImportCatalogueRequest",
        "intake.import_report:ImportReport",
        "Import products from a feed; importing it again updates them.",
        command="import catalogue",
        arguments=("source",),
        later=True,
        refusal="intake.sources:refuse_source",
    ),
    Verb(
        "import_events",
        Kind.JOB,
        "intake.import_events:import_events",
        "intake.shapes:ImportEventsRequest",
        "intake.import_report:ImportReport",
        "Import what shoppers did; importing it again adds only what is new.",
        command="import events",
        arguments=("source",),
        later=True,
        refusal="intake.import_events:refuse_events",
    ),
    Verb(
        "import_shoppers",
        Kind.JOB,
        "intake.import_shoppers:import_shoppers",
        "intake.shapes:ImportShoppersRequest",
        "intake.import_report:ImportReport",
        "Import who shoppers are and what they agreed to; empty cells change nothing.",
        command="import shoppers",
        arguments=("source",),
        later=True,
        refusal="intake.sources:refuse_source",
    ),
    Verb(
        "connect",
        Kind.JOB,
        "connect.connect:connect",
        "connect.shapes:ConnectRequest",
        "connect.shapes:ConnectAnswer",
        "Fetch what changed on a shop platform since the last time, or tell it what was accepted here.",
        command="connect",
        arguments=("platform", "address"),
        later=True,
        refusal="connect.connect:refuse_connect",
    ),
    Verb(
        "train",
        Kind.JOB,
        "recommend.train:train",
        "recommend.shapes:TrainRequest",
        "bottega.shop.shape:RunInfo",
        "Train a recommender; a running server takes it over by itself.",
        command="train",
        later=True,
        refusal="recommend.train:refuse_model",
    ),
    Verb(
        "challenge",
        Kind.JOB,
        "recommend.challenge:challenge",
        "recommend.shapes:ChallengeRequest",
        "bottega.shop.judgements:ChallengeAnswer",
        "Train a challenger, judge it on the newest events beside the model in use, serve it if it is not worse.",
        command="models challenge",
        later=True,
        lane="train",
        refusal="recommend.train:refuse_model",
    ),
    Verb(
        "train_vision",
        Kind.JOB,
        "vision.train_vision:train_vision",
        "vision.shapes:TrainVisionRequest",
        "bottega.shop.shape:RunInfo",
        "Train the shop's own eye; the next photo is seen with it.",
        command="train vision",
        later=True,
    ),
    Verb(
        "train_outfits",
        Kind.JOB,
        "closet.train_outfits:train_outfits",
        "closet.shapes:TrainOutfitsRequest",
        "bottega.shop.shape:RunInfo",
        "Learn what goes with what from the shop's own orders.",
        command="train outfits",
        later=True,
    ),
    Verb(
        "evaluate",
        Kind.JOB,
        "recommend.evaluate:evaluate",
        "recommend.shapes:EvaluateRequest",
        "recommend.shapes:EvaluateAnswer",
        "Judge the recommenders on this shop's own events: accuracy with intervals, time, memory and more.",
        command="evaluate",
        later=True,
        refusal="recommend.evaluate:refuse_values",
    ),
    Verb(
        "evaluate_vision",
        Kind.JOB,
        "vision.evaluate_vision:evaluate_vision",
        "vision.shapes:EvaluateVisionRequest",
        "vision.shapes:EvaluateVisionAnswer",
        "Judge the models that see, on photos of which the truth is known.",
        command="evaluate vision",
    ),
    Verb(
        "tag_catalogue",
        Kind.JOB,
        "vision.tag_catalogue:tag_catalogue",
        "vision.shapes:TagCatalogueRequest",
        "vision.shapes:CatalogueTags",
        "Suggest values for empty attributes of every product with a photo, and doubt labels that look wrong.",
        later=True,
    ),
    Verb(
        "segments",
        Kind.JOB,
        "shoppers.segments:segments",
        "shoppers.shapes:SegmentsRequest",
        "shoppers.shapes:SegmentReport",
        "Group the shoppers by what they are drawn to, and name the groups.",
        command="segments",
        later=True,
    ),
    Verb(
        "simulate",
        Kind.JOB,
        "shoppers.simulate:simulate",
        "shoppers.shapes:SimulateRequest",
        "Simulated",
        "Draw synthetic shoppers from a trained model; say what they teach and whether they repeat real ones.",
        command="simulate",
    ),
    Verb(
        "list_models",
        Kind.ANSWER,
        "running.models:list_models",
        "ModelsRequest",
        "ModelsAnswer",
        "Models in use and those before them: whose, how old, why they are in use or not.",
        route="GET /v1/models",
        command="models list",
    ),
    Verb(
        "roll_back",
        Kind.WRITE,
        "running.rollback:roll_back",
        "RollBackRequest",
        "RollBackAnswer",
        "Take the newest training out of use; the one before answers from the next refresh on.",
        route="POST /v1/models/rollback",
        command="models rollback",
        arguments=("room",),
    ),
    Verb(
        "check",
        Kind.JOB,
        "check.check:check",
        "check.shapes:CheckRequest",
        "check.shapes:CheckReport",
        "What is wrong with the shop and how to mend it, which attributes carry taste, who is a bot, and what works.",
        route="GET /v1/check",
        command="check",
        later=True,
    ),
    Verb(
        "list_bots",
        Kind.ANSWER,
        "check.bots:list_bots",
        "check.shapes:BotsRequest",
        "check.shapes:BotsAnswer",
        "Who does what no person does, and is left out of models and counts.",
        route="GET /v1/bots",
        command="bots list",
    ),
    Verb(
        "readmit_bots",
        Kind.WRITE,
        "check.bots:readmit_bots",
        "check.shapes:ReadmitRequest",
        "check.shapes:BotsAnswer",
        "Take shoppers back into the next training who were taken for bots, or leave them out again.",
        route="POST /v1/bots/readmit",
        command="bots readmit",
        arguments=("shoppers",),
    ),
    Verb(
        "choose_taste_attributes",
        Kind.WRITE,
        "check.tastes:choose_taste_attributes",
        "check.shapes:TasteAttributesRequest",
        "check.shapes:TasteAttributesAnswer",
        "Choose the attributes that tastes are about from the next training on; none named: those that events propose.",
        route="POST /v1/tastes/attributes",
        command="tastes choose",
        arguments=("attributes",),
    ),
    Verb(
        "prepare_demo",
        Kind.JOB,
        "demo.prepare_demo:prepare_demo",
        "DemoRequest",
        "DemoReport",
        "Draw a demo shop, simulate its shoppers, import, train and judge.",
        command="demo",
    ),
    Verb(
        "start_job",
        Kind.WRITE,
        "jobs.ask:start_job",
        "jobs.shapes:StartJobRequest",
        "jobs.shapes:JobInfo",
        "Ask for work that a worker does later: a training, the tags of the catalogue, an evaluation.",
        route="POST /v1/jobs",
        status=202,
        command="jobs start",
    ),
    Verb(
        "list_jobs",
        Kind.ANSWER,
        "jobs.ask:list_jobs",
        "jobs.shapes:JobsRequest",
        "jobs.shapes:JobPage",
        "Jobs and how far they are, the newest first.",
        route="GET /v1/jobs",
        command="jobs list",
    ),
    Verb(
        "show_job",
        Kind.ANSWER,
        "jobs.ask:show_job",
        "jobs.shapes:JobRequest",
        "jobs.shapes:JobInfo",
        "One job: how far it is, and what came of it.",
        route="GET /v1/jobs/{number}",
        command="jobs show",
        arguments=("number",),
    ),
    Verb(
        "cancel_job",
        Kind.WRITE,
        "jobs.ask:cancel_job",
        "jobs.shapes:JobRequest",
        "jobs.shapes:JobInfo",
        "End a job: one that waits at once, one that runs within seconds.",
        route="POST /v1/jobs/cancel",
        command="jobs cancel",
        arguments=("number",),
    ),
)
"""Every verb that a door may offer, in the order of the manuals."""

_BY_NAME = {each.name: each for each in VERBS}


def verb(name: str) -> Verb:
    """The verb of a name."""
    return _BY_NAME[name]
