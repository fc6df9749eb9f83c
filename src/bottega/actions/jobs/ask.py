"""Ask for jobs, look at them, end them. Whoever works them off is `jobs/worker.py`.

A door that is reached from elsewhere names no files: a request that would read or write one of this machine's paths is
refused there. Imports over HTTP bring their file along (`jobs/uploads.py`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from bottega.actions.jobs.shapes import JobInfo, JobPage, JobRequest, JobsRequest, JobStep, JobSummary, StartJobRequest
from bottega.actions.jobs.uploads import FAILED_DAYS, discard_upload, has_upload
from bottega.actions.verb import Verb
from bottega.actions.verbs import VERBS
from bottega.errors import JobUnknown, RequestInvalid
from bottega.events.times import now_ms
from bottega.shop.files import REPORTS
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Shape
from bottega.sources.web_address import is_address
from bottega.store.jobs import Job, JobState
from bottega.texts import plain_fault, shown

__all__ = [
    "LATER",
    "cancel_job",
    "count_jobs",
    "enqueue",
    "list_jobs",
    "path_fields",
    "placed",
    "retry_job",
    "show_job",
    "start_job",
]

LATER = {one.name: one for one in VERBS if one.later}
"""Verbs that a worker may do later, by name."""


def start_job(shop: OpenShop, request: StartJobRequest, *, here: bool = False) -> JobInfo:
    """Put work at the end of the queue. `here`: who asks sits at this machine, and may name its files.

    Where the same request of the same verb waits already, the answer is that job. Raises `RequestInvalid`.
    """
    one = LATER.get(request.verb)
    if one is None:
        raise RequestInvalid(
            f"A job was asked to do {shown(request.verb)}.",
            allowed=f"It may be {', '.join(sorted(LATER))}.",
            next_step="Choose one of them.",
        )
    named = path_fields(one.takes) & set(request.request)
    if named and not here:
        raise RequestInvalid(
            f"Field {min(named)!r} of {one.name} names a file of the server.",
            allowed="From here a job reads files that are sent, and writes none.",
            next_step="Leave it out; for imports send the file to /v1/import/catalogue, /events or /shoppers.",
        )
    checked = _checked(one, request.request)
    return enqueue(
        shop, one, {**request.request, **{name: _told(shop.folder, getattr(checked, name)) for name in named}}
    )


def enqueue(shop: OpenShop, one: Verb, request: dict[str, Any]) -> JobInfo:
    """The same for a request that may name files inside the shop's folder.

    Raises `RequestInvalid`, and what the verb says to values that it would refuse later.
    """
    asked = _checked(one, request).model_dump(mode="json", exclude_unset=True)
    paths = {name: placed(shop.folder, asked[name]) for name in path_fields(one.takes) if asked.get(name)}
    one.refuse(_checked(one, {**asked, **paths}))
    return _info(shop.folder.store.jobs.add(one.name, asked, lane=one.lane or one.name, now_ms=now_ms()))


def list_jobs(shop: OpenShop, request: JobsRequest) -> JobPage:
    """One page, the newest first."""
    state = JobState(request.state) if request.state else None
    page, more = shop.folder.store.jobs.page(state=state, verb=request.verb, limit=request.n, before=request.after)
    summaries = [JobSummary(**{name: getattr(job, name) for name in JobSummary.model_fields}) for job in page]
    return JobPage.model_validate({"jobs": summaries, "next": more, "counts": count_jobs(shop)})


def show_job(shop: OpenShop, request: JobRequest) -> JobInfo:
    """One job, with what came of it. Raises `JobUnknown`."""
    return _info(_known(shop.folder.store.jobs.get(request.number), request.number))


def cancel_job(shop: OpenShop, request: JobRequest) -> JobInfo:
    """Wish a job to end. One that is over stays as it is. Raises `JobUnknown`."""
    job = _known(shop.folder.store.jobs.cancel(request.number, now_ms=now_ms()), request.number)
    if job.state is JobState.CANCELLED:
        discard_upload(shop.folder, job)
    return _info(job)


def retry_job(shop: OpenShop, request: JobRequest) -> JobInfo:
    """Let a job that failed or was cancelled wait again; one that was put off is tried now.

    One that runs or waits anyway stays as it is. Raises `JobUnknown`, and `RequestInvalid` where it is done, or where
    the file that came with it has gone.
    """
    before = _known(shop.folder.store.jobs.get(request.number), request.number)
    if before.state is JobState.DONE:
        raise RequestInvalid(
            f"Job {before.number} is done.",
            allowed="A job that failed or was cancelled can be tried again.",
            next_step="Ask for it anew to have it done once more.",
        )
    if not has_upload(shop.folder, before):
        raise RequestInvalid(
            f"The file that came with job {before.number} is no longer kept.",
            allowed=f"The file of a job that failed is kept for {FAILED_DAYS} days.",
            next_step="Send it again, which makes a new job.",
        )
    return _info(_known(shop.folder.store.jobs.retry(before.number, now_ms=now_ms()), before.number))


def count_jobs(shop: OpenShop) -> dict[str, int]:
    """How many jobs there are in each state."""
    return {state.value: count for state, count in shop.folder.store.jobs.counts().items()}


def path_fields(takes: type[Shape]) -> set[str]:
    """Fields of a request that name files or folders."""
    return {name for name, field in takes.model_fields.items() if _is_path(field.annotation)}


def placed(folder: ShopFolder, named: str) -> Path | str:
    """The file that a job names, seen from the shop's folder, fetched where it lies elsewhere; an address stays one."""
    if is_address(named) or Path(named).is_absolute():
        return named if is_address(named) else Path(named)
    path = folder.files.local(named)
    if Path(named).parts[0] == REPORTS:
        path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _told(folder: ShopFolder, named: Path | str) -> str:
    """An address, or a path that says the same wherever one stands; among the shop's reports, on other machines too."""
    if is_address(named):
        return str(named)
    path = Path(named).absolute()
    return str(path.relative_to(folder.root) if folder.root / REPORTS in path.parents else path)


def _is_path(annotation: Any) -> bool:
    return annotation is Path or any(_is_path(part) for part in get_args(annotation))


def _checked(one: Verb, request: dict[str, Any]) -> Shape:
    try:
        return one.takes.model_validate(request)
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"])
        what = "is missing" if problem["type"] == "missing" else f"is {shown(problem['input'])}: {plain_fault(problem)}"
        raise RequestInvalid(
            f"Field {field!r} of {one.name} {what}.",
            allowed=f"Fields here are {', '.join(one.takes.model_fields) or 'none'}.",
            next_step="Correct it and send the request again.",
        ) from error


def _known(job: Job | None, number: int) -> Job:
    if job is None:
        raise JobUnknown(f"There is no job {number}.", next_step="`bottega jobs list` shows those there are.")
    return job


def _info(job: Job) -> JobInfo:
    fields = {name: getattr(job, name) for name in JobInfo.model_fields if name != "log"}
    return JobInfo(**fields, log=[JobStep(time_ms=moment, text=text) for moment, text in job.log or ()])
