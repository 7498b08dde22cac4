# SPDX-License-Identifier: Apache-2.0
"""Which Ed25519 keys and signatures count, where RFC 8032 leaves it open and libraries differ.

The ledger's rule is libsodium's: S below the group's order; neither key nor R of small order, in whatever encoding; the
key in its canonical encoding; then the equation without cofactor, on encoded points, which is what OpenSSL checks. A key
that is to be registered or stands in a policy must be of the prime-order group besides.
"""
import functools

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_MINUS_1 = pow(2, (P - 1) // 4, P)
IDENTITY = (0, 1)


def y_of(encoded):
    """As encoded, which may be P or more; the sign of x is left out."""
    return int.from_bytes(encoded, "little") & (2**255 - 1)


def x_of(y):
    """One of the two roots of RFC 8032 section 5.1.3; None when y is of no point."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * SQRT_MINUS_1 % P
    return x if x * x % P == square else None


def add(one, other):
    """Affine, complete: no case apart."""
    (x1, y1), (x2, y2) = one, other
    product = D * x1 * x2 * y1 * y2 % P
    inverse = pow((1 + product) * (1 - product), -1, P)
    x = (x1 * y2 + x2 * y1) * inverse * (1 - product) % P
    return x, (y1 * y2 + x1 * x2) * inverse * (1 + product) % P


def multiply(number, point):
    out = IDENTITY
    for digit in bin(number)[2:]:
        out = add(out, out)
        if digit == "1":
            out = add(out, point)
    return out


@functools.cache
def point_of(encoded):
    """Up to its sign, which decides neither its order nor whether it is a point."""
    y = y_of(encoded) % P
    x = x_of(y)
    return None if x is None else (x, y)


@functools.cache
def has_small_order(encoded):
    point = point_of(encoded)
    return point is not None and multiply(8, point) == IDENTITY


def may_hold(key, signature):
    """False: refused before the equation is looked at."""
    s = int.from_bytes(signature[32:], "little")
    return s < L and y_of(key) < P and not has_small_order(key) and not has_small_order(signature[:32])


@functools.cache
def is_registrable(key):
    if y_of(key) >= P or point_of(key) is None or has_small_order(key):
        return False
    return multiply(L, point_of(key)) == IDENTITY
