"""Particles and endings that Korean joins to a noun, cut by table (general knowledge of Korean grammar).

No part of speech decides: nori's default stop list turned 에어팟 into 팟. The whole word is always kept
beside the cut one.
"""

from __future__ import annotations

PARTICLES = (
    "은", "는", "이", "가", "을", "를", "의", "에", "와", "과", "도", "만", "로", "으로", "에서", "에게",
    "께", "께서",
    "한테", "부터", "까지", "처럼", "같이", "보다", "마다", "이나", "나", "랑", "이랑", "하고", "에는",
    "에도", "에서는",
    "에서도", "에게서", "으로는", "으로도", "로는", "이라는", "라는", "이란", "란", "이야", "야", "아",
    "이여", "여", "조차",
    "밖에", "이며", "이다", "입니다", "이에요", "예요", "들", "들은", "들이", "들의", "들을", "들과",
    "들에게", "들도",
)  # fmt: skip
