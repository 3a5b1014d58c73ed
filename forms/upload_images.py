"""Uploaded images: do they really open, and are they of a size that a reader's machine can show."""

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PIL import Image, ImageFile

from rules.texts import RuleError, Text, _

MOST_PIXELS: Final = 60_000_000
"""A page scanned at 600 dots per inch has 35 million."""

FORMATS: Final = {"jpg": "JPEG", "png": "PNG"}

_strictly = threading.Lock()


def check_image(content: bytes, kind: str) -> None:
    """Refuse an image that cannot be opened to its last line, or is far larger than a scanned page.

    :raises RuleError: saying which.
    """
    with warnings.catch_warnings(), _to_the_last_line():
        warnings.simplefilter("ignore")  # Pillow's own limit is another; ours is checked before anything is unpacked
        try:
            with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as image:
                _check_size(*image.size)
                image.load()
        except RuleError:
            raise
        except Image.DecompressionBombError:
            raise RuleError(Text(_("图片的像素多得异常；请缩小后再上传"))) from None
        except Exception:  # noqa: BLE001 - decoders raise whatever a broken file provokes
            raise RuleError(Text(_("图片打不开，可能没有传完或已经损坏；请重新导出后再上传"))) from None


@contextmanager
def _to_the_last_line() -> Iterator[None]:
    """Let Pillow refuse half an image, whatever other libraries told it: WeasyPrint lets it take what there is."""
    with _strictly:
        before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        said = {"width": width, "height": height}
        raise RuleError(Text(_("图片太大（{width}×{height} 像素）；请缩小后再上传"), said))
