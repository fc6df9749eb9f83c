"""What the merchant imposes on lists without code: saved rules."""

from __future__ import annotations

from bottega.actions.verb import Kind, Verb
from bottega.names import Role

__all__ = ["VERBS"]

VERBS: tuple[Verb, ...] = (
    Verb(
        "list_rules",
        Kind.ANSWER,
        "rules.list_rules:list_rules",
        "rules.shapes:RulesRequest",
        "rules.shapes:RulesAnswer",
        "The saved rules, in the order in which they win, and which are in force.",
        route="GET /v1/rules",
        role=Role.READ,
        command="rules list",
    ),
    Verb(
        "show_rule",
        Kind.ANSWER,
        "rules.show_rule:show_rule",
        "rules.shapes:RuleRequest",
        "rules.shapes:RuleAnswer",
        "A saved rule with all its versions, and what it is in conflict with.",
        route="GET /v1/rules/show",
        role=Role.READ,
        command="rules show",
        arguments=("id",),
    ),
    Verb(
        "save_rule",
        Kind.WRITE,
        "rules.save_rule:save_rule",
        "rules.shapes:SaveRuleRequest",
        "rules.shapes:SaveRuleAnswer",
        "Save a rule: pin, boost, bury, hide, filter, replace, manual lists, redirects. The next answer heeds it.",
        route="POST /v1/rules",
        role=Role.MANAGE,
        command="rules save",
        arguments=("id",),
    ),
    Verb(
        "remove_rule",
        Kind.WRITE,
        "rules.remove_rule:remove_rule",
        "rules.shapes:RemoveRuleRequest",
        "rules.shapes:RemoveRuleAnswer",
        "Remove a saved rule; it can be put back.",
        route="POST /v1/rules/remove",
        role=Role.MANAGE,
        command="rules remove",
        arguments=("id",),
    ),
    Verb(
        "undo_rule",
        Kind.WRITE,
        "rules.undo_rule:undo_rule",
        "rules.shapes:UndoRuleRequest",
        "rules.shapes:UndoRuleAnswer",
        "Take back the last change of a rule, or put an earlier version back.",
        route="POST /v1/rules/undo",
        role=Role.MANAGE,
        command="rules undo",
        arguments=("id",),
    ),
    Verb(
        "preview_rule",
        Kind.ANSWER,
        "rules.preview:preview",
        "rules.shapes:RulePreviewRequest",
        "rules.shapes:RulePreviewAnswer",
        "A list as a shopper gets it, with and without a rule, and what moved every product.",
        route="POST /v1/rules/preview",
        role=Role.MANAGE,
        command="rules preview",
    ),
    Verb(
        "rule_conflicts",
        Kind.ANSWER,
        "rules.conflicts:rule_conflicts",
        "rules.shapes:ConflictsRequest",
        "rules.shapes:ConflictsAnswer",
        "Where saved rules contradict each other or come to nothing, in sentences that say which wins.",
        route="GET /v1/rules/conflicts",
        role=Role.READ,
        command="rules conflicts",
        arguments=("id",),
    ),
)
