"""The register's own JSON-LD context: what its members in a credential mean.

A published context never changes; new members get a new version beside it.
"""

from typing import Any

VERSION = "v1"
_XSD = "http://www.w3.org/2001/XMLSchema#"

# Members of a measurement result (ISO/IEC 17025:2017, 7.8.2.1, 7.8.3 and 7.8.6).
_RESULT = (
    "characteristic",
    "testMethod",
    "measuredValue",
    "measuredUnit",
    "expandedUncertainty",
    "coverageFactor",
    "lowerLimit",
    "upperLimit",
    "conformityStatement",
)
_ENTRY_TEXT = ("certificateNumber", "journalEntry", "leafHash", "checkpoint")
_ENTRY_NUMBER = ("certificateVersion", "leafIndex", "treeSize")


def context_address(base_url: str) -> str:
    """Return where the context is served."""
    return f"{base_url}/contexts/{VERSION}"


def term_address(base_url: str, term: str) -> str:
    """Return the identifier of one of the register's terms."""
    return f"{context_address(base_url)}#{term}"


def context_document(base_url: str) -> dict[str, Any]:
    """Return the context as it is served."""
    texts = {name: term_address(base_url, name) for name in (*_RESULT, *_ENTRY_TEXT)}
    numbers = {
        name: {"@id": term_address(base_url, name), "@type": f"{_XSD}integer"}
        for name in _ENTRY_NUMBER
    }
    return {
        "@context": {
            "@version": 1.1,
            **texts,
            **numbers,
            "decisionRule": {"@id": term_address(base_url, "decisionRule"), "@type": "@id"},
            "inclusionPath": {
                "@id": term_address(base_url, "inclusionPath"),
                "@container": "@list",
            },
            "measurementResult": {
                "@id": term_address(base_url, "measurementResult"),
                "@container": "@set",
            },
            "registerEntry": term_address(base_url, "registerEntry"),
            "snapshotDigest": {
                "@id": term_address(base_url, "snapshotDigest"),
                "@type": "https://w3id.org/security#multibase",
            },
        }
    }
