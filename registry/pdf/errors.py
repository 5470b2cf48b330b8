"""Why a document could not be rendered."""

from registry.errors import RegistryError


class RenderingFailed(RegistryError):
    """The document could not be made; nothing was written."""


class FontsMissing(RenderingFailed):
    """No installed font covers the Vietnamese alphabet."""

    def __init__(self) -> None:
        super().__init__(
            "No installed font covers Vietnamese. Install Noto Sans and Noto Serif "
            "(on Debian and Ubuntu: apt-get install fonts-noto-core)."
        )


class ResourceRefused(RenderingFailed):
    """A page asked for a file that is not bundled with the program.

    ``url`` is what it asked for.
    """

    def __init__(self, url: str) -> None:
        super().__init__(f"A document may use bundled files only, not {url}")
        self.url = url
