"""Draws icon.png (128 x 128): a loss falling along a curve, and the dot where it ends. Run: python3 nuget/icon.py

Only the standard library, so that anybody can redraw it. Distances to shapes give smooth edges without an imaging library.
"""

import math
import pathlib
import struct
import zlib

SIZE = 128
BACKGROUND, AXIS, CURVE, DOT = (33, 37, 67), (92, 100, 150), (236, 239, 255), (255, 138, 76)

POINTS = [(26 + 70 * t, 30 + 62 * (1 - math.exp(-4.2 * t)) / (1 - math.exp(-4.2))) for t in (i / 96 for i in range(97))]


def segment_distance(x, y, a, b):
    dx, dy = b[0] - a[0], b[1] - a[1]
    t = max(0.0, min(1.0, ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy)))
    return math.hypot(x - a[0] - t * dx, y - a[1] - t * dy)


def path_distance(x, y, points):
    return min(segment_distance(x, y, a, b) for a, b in zip(points, points[1:]))


def rounded_square_distance(x, y, radius):
    dx, dy = abs(x - SIZE / 2) - (SIZE / 2 - radius), abs(y - SIZE / 2) - (SIZE / 2 - radius)
    return math.hypot(max(dx, 0), max(dy, 0)) + min(max(dx, dy), 0) - radius


def coverage(distance):
    return max(0.0, min(1.0, 0.5 - distance))


def mix(under, over, amount):
    return tuple(u + (o - u) * amount for u, o in zip(under, over))


def pixel(x, y):
    color = BACKGROUND
    color = mix(color, AXIS, coverage(path_distance(x, y, [(26, 26), (26, 104), (104, 104)]) - 1.5))
    color = mix(color, CURVE, coverage(path_distance(x, y, POINTS) - 3.5))
    end = math.hypot(x - POINTS[-1][0], y - POINTS[-1][1])
    color = mix(color, BACKGROUND, coverage(end - 11.5))
    color = mix(color, DOT, coverage(end - 8.5))
    alpha = coverage(rounded_square_distance(x, y, 26))
    return bytes(round(c) for c in color) + bytes([round(255 * alpha)])


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


rows = b"".join(b"\0" + b"".join(pixel(x + 0.5, y + 0.5) for x in range(SIZE)) for y in range(SIZE))
png = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0))
       + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))
(pathlib.Path(__file__).parent / "icon.png").write_bytes(png)
