"""The demo world: one invented estate, its companies, their foreign workers and what they reported."""
