"""The closed sets of values that properties accept, as types to annotate your own code with."""

from __future__ import annotations

from typing import Literal

AiDatasetType = Literal["TRAINING", "TESTING", "INFERENCE", "VALIDATION", "INPUT", "OUTPUT"]
AnnouncementType = Literal["information", "warning", "issue"]
CertificateStatus = Literal["DRAFT", "VERIFIED", "DEPRECATED"]
CheckLevel = Literal["error", "warning", "off"]
ConnectionCategory = Literal[
    "ai",
    "API",
    "app",
    "bi",
    "connector",
    "custom",
    "data-processing",
    "data-quality",
    "database",
    "elt",
    "erp",
    "eventbus",
    "lake",
    "ObjectStore",
    "queryengine",
    "SaaS",
    "schema-registry",
    "warehouse",
]
DeleteType = Literal["PURGE", "HARD", "SOFT"]
MissingAssetHandling = Literal["error", "partial", "wait"]
ProcessDerivation = Literal["STATIC", "RUNTIME"]
QueryUsernameStrategy = Literal["connectionUsername", "atlanUsername"]
TerminalState = Literal["COMPLETE", "FAIL", "ABORT"]
