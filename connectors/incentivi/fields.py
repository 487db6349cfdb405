"""The fields of a record by their names, and those that we know and leave.

The one thing to know: the index keeps every value twice. What begins with `zs_` holds the first of several alone, so for
everything that may have several the field that begins with `zm_` is read.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base.contract import Record
from connectors.base.text import clean_line

_LISTS = (
    *("activity_sector", "dimensions", "granted_costs", "regions", "scopes", "subject_type", "support_form"),
    *("costs", "support_grant_type_min_max"),
)
_READ = {
    *("zs_nid", "zs_title", "zs_body", "zs_url"),
    *(f"zm_field_{name}_value" for name in _LISTS[:7]),
    *("zm_field_costs", "zm_field_support_grant_type_min_max", "zm_field_subject_type"),
    *("zs_field_cost_min", "zs_field_cost_max", "zs_field_support_grant_type_min", "zs_field_support_grant_type_max"),
    *("zs_field_open_date", "zs_field_close_date", "zs_field_close_date_descriptor", "zs_field_other_characteristic"),
    *("zs_field_subject_grant", "zs_field_budget_allocation", "zs_field_ateco", "zs_field_comuni", "zs_field_link"),
    *("zs_field_primary_ruleset", "zs_field_secondary_ruleset", "zs_field_implementation_ruleset"),
    *("zs_field_official_references", "zs_field_multibando"),
}
# The same again, or of the index itself. `ds_last_update` is older than what it dates (seen), so it dates nothing.
_LEFT = {
    *("id", "hash", "index_id", "site", "timestamp", "_version_", "boost_document", "ds_last_update"),
    *("ss_search_api_datasource", "ss_search_api_id", "ss_search_api_language", "sm_context_tags"),
    *("tum_X3b_it_body_ft", "tum_X3b_it_output", "tum_X3b_it_title_ft", "zs_rendered_item"),
    *(f"zm_field_{name}" for name in _LISTS),
    *(f"zs_field_{name}" for name in _LISTS),
    *(f"zs_field_{name}_value" for name in _LISTS),
}


def audit(record: Record) -> Iterator[str]:
    """Name the fields of a record that nobody has seen yet."""
    if isinstance(record.data, Mapping):
        yield from (name for name in record.data if name not in _READ and name not in _LEFT)


def text(doc: Mapping[str, Any], name: str) -> str:
    """A text on one line; empty where there is none."""
    value = doc.get(name)
    return clean_line(value) if isinstance(value, str) else ""


def values(doc: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The values of `zm_field_<name>_value`, each once; a single one may come without its list."""
    given = doc.get(f"zm_field_{name}_value", doc.get(f"zs_field_{name}_value"))
    listed = given if isinstance(given, list) else [given]
    lines = (clean_line(each, 200) for each in listed if isinstance(each, str))
    return tuple(dict.fromkeys(line for line in lines if line))
