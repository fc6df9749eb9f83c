"""A language model that knows nothing: a few thousand numbers drawn at random, in a GGUF file that llama.cpp loads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["write_tiny_gguf"]

WIDTH, INNER, HEADS = 32, 64, 4


def write_tiny_gguf(path: Path, *, seed: int = 0) -> Path:
    """Write one with a byte for a token and a few words of listings; it speaks noise."""
    from gguf import GGUFWriter

    words = ["\u2581the", "\u2581watch", "\u2581of", "\u2581leather", "\u2581Titan", "\u2581steel", "."]
    tokens = ["<unk>", "<s>", "</s>", *[f"<0x{byte:02X}>" for byte in range(256)], *words]
    rng = np.random.default_rng(seed)
    writer: Any = GGUFWriter(str(path), "llama")
    for name, value in {
        "context_length": 2048,
        "embedding_length": WIDTH,
        "block_count": 1,
        "feed_forward_length": INNER,
        "head_count": HEADS,
        "head_count_kv": HEADS,
        "layer_norm_rms_eps": 1e-5,
        "rope_dimension_count": WIDTH // HEADS,
        "vocab_size": len(tokens),
        "tokenizer_model": "llama",
        "token_list": tokens,
        "token_scores": [0.0] * len(tokens),
        "token_types": [2, 3, 3, *[6] * 256, *[1] * len(words)],
        "bos_token_id": 1,
        "eos_token_id": 2,
        "unk_token_id": 0,
        "chat_template": "{% for m in messages %}{{ m['content'] }}{% endfor %}",
    }.items():
        getattr(writer, f"add_{name}")(value)
    shapes = {"token_embd": (len(tokens), WIDTH), "output": (len(tokens), WIDTH)}
    shapes |= {f"blk.0.attn_{part}": (WIDTH, WIDTH) for part in ("q", "k", "v", "output")}
    shapes |= {"blk.0.ffn_gate": (INNER, WIDTH), "blk.0.ffn_up": (INNER, WIDTH), "blk.0.ffn_down": (WIDTH, INNER)}
    for name, shape in shapes.items():
        writer.add_tensor(f"{name}.weight", rng.normal(0, 0.5, shape).astype(np.float32))
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        writer.add_tensor(f"{name}.weight", np.ones(WIDTH, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
