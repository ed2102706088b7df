"""Style sheets and scripts gathered under names that change with their content."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]  # it ships no types

__all__ = ["GatheredStorage"]

#: what a module of ours takes from another beside it: from "./store.js"
_IMPORT = (r"""(?P<matched>from\s+"(?P<url>\./[a-z]+\.js)")""", 'from "%(url)s"')


class GatheredStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # see above
    """As WhiteNoise has it; besides, the modules of the field page import each other under the names of one gathering.
    (Django's own switch reads the modules of libraries too, which import what is not here.)"""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("field/*.js", (_IMPORT,)))
