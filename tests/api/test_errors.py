"""api/errors.py: each error has a status, a kind of its own and words for a person."""

import re

import pytest

from api import errors
from api.errors import ApiError
from api.web.openapi import read_contract

ALL = [ApiError, *ApiError.__subclasses__()]
STATUSES = {
    "ApiError": 500,
    "BadRequest": 400,
    "NoKey": 401,
    "WrongKey": 401,
    "OriginNotAllowed": 403,
    "NoSuchModel": 404,
    "TooLarge": 413,
    "UnsupportedImage": 415,
    "RefusedImage": 422,
    "UnsupportedVideo": 415,
    "RefusedVideo": 422,
    "TooOften": 429,
    "ProofAsked": 429,
    "Busy": 503,
    "NotReady": 503,
    "OutOfMemory": 503,
    "Hung": 504,
}
OF_JOBS = {
    "NoSuchJob": 404,
    "NoJobs": 404,
    "NotYet": 409,
    "TooManyJobs": 503,
    "OutOfSpace": 507,
}
OF_CLEANING = {
    "ForeignRequest": 403,
    "FolderChanged": 409,
    "FolderNotWritable": 409,
}
NEVER_READ = {"SenderGone": 499}


def test_statuses_are_those_promised():
    assert {error.__name__: int(error.status) for error in ALL} == STATUSES | OF_JOBS | OF_CLEANING | NEVER_READ


def test_contract_names_each_status():
    responses = read_contract()["paths"]["/"]["post"]["responses"]
    assert {str(status) for status in STATUSES.values()} <= set(responses)


def test_kinds_differ_and_fit_into_a_urn():
    kinds = [error.kind for error in ALL]
    assert len(set(kinds)) == len(kinds)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", kind) for kind in kinds)


@pytest.mark.parametrize("error", ALL)
def test_title_is_a_short_phrase(error: type[ApiError]):
    assert 5 < len(error.title) < 50
    assert error.title[0].isupper()
    assert not error.title.endswith(".")


def test_every_error_class_belongs_to_the_tree():
    defined = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)]
    assert set(defined) == set(ALL)


def test_detail_is_the_text_of_the_exception():
    error = errors.Busy("Wait.", retry_after_s=3)
    assert (str(error), error.detail, error.retry_after_s) == ("Wait.", "Wait.", 3)
