"""What a picture shows, on this machine alone: its colours and the words on it, and both drawn on it.

The picture is made here, with Pillow; a path, an address or a numpy array would do as well.

python examples/colors_and_text.py result.png    also writes the picture with the answers on it
"""

import sys

from PIL import Image, ImageDraw, ImageFont

from cloudai import CloudAI

picture = Image.new("RGB", (900, 420), "ivory")
pen = ImageDraw.Draw(picture)
pen.rectangle((0, 280, 900, 420), fill="crimson")
pen.text((60, 60), "FRESH BREAD DAILY", fill="black", font=ImageFont.load_default(size=72))
pen.text((60, 165), "open from 7 to 13", fill="black", font=ImageFont.load_default(size=48))

with CloudAI("local") as ai:
    found = ai.vision.analyze(picture, operations=["colors", "text"])
    for color in found["colors"]:
        if color.share and color.share >= 0.05:
            print(f"{color.share:.0%} {color.name} {color.hex}")

    # Each operation may fail alone: Tesseract is not to be had for every machine.
    if "vision.text" in found.errors:
        print(found.errors["vision.text"])
    else:
        for line in found["text"].lines:
            place = line.polygon.box.to_pixels(*picture.size) if line.polygon else None
            print(line.text, place)

    if len(sys.argv) > 1:
        found.draw(picture).save(sys.argv[1])
