"""LiteLLM's names of sellers, for what it does not list: apart from its other words, since no reader needs them."""

from __future__ import annotations

from typing import Final

_SAME: Final = (
    "baseten", "black_forest_labs", "cerebras", "chutes", "clarifai", "cortecs", "databricks", "deepgram",
    "deepinfra", "deepseek", "elevenlabs", "groq", "helicone", "heroku", "hyperbolic", "inception", "minimax",
    "mistral", "modelscope", "morph", "nano-gpt", "nebius", "nscale", "oci", "openrouter", "ovhcloud", "parasail",
    "perplexity", "poe", "publicai", "recraft", "replicate", "runwayml", "sambanova", "scaleway", "snowflake",
    "stability", "streamlake", "synthetic", "v0", "volcengine", "voyage", "wandb", "watsonx", "xai", "zai",
)  # fmt: skip
_OTHERWISE: Final = {
    "alibaba": "dashscope", "azure": "azure_ai", "azure/openai": "azure", "cloudflare-workers-ai": "cloudflare",
    "digitalocean": "gradient_ai", "fal": "fal_ai", "featherless": "featherless_ai", "fireworks-ai": "fireworks_ai",
    "friendli": "friendliai", "github-copilot": "github_copilot", "github-models": "github", "google": "gemini",
    "google-vertex": "vertex_ai", "jina": "jina_ai", "lambda": "lambda_ai", "llama": "meta_llama",
    "moonshotai": "moonshot", "novita-ai": "novita", "nvidia": "nvidia_nim", "sap-ai-core": "sap", "tencent-tokenhub": "tencent",
    "togetherai": "together_ai", "vercel": "vercel_ai_gateway", "xiaomi": "xiaomi_mimo", "zhipuai": "bigmodel",
}  # fmt: skip
PREFIXES: Final = {
    **{name.replace("_", "-"): (name, f"{name}/") for name in _SAME},
    **{ours: (name, f"{name}/") for ours, name in _OTHERWISE.items()},
    "amazon-bedrock": ("bedrock_converse", ""),
    "anthropic": ("anthropic", ""),
    "cohere": ("cohere_chat", ""),
    "nova": ("amazon_nova", "amazon-nova/"),
    "openai": ("openai", ""),
}
"""By seller (`seller/developer` where one sells under two names): LiteLLM's name of it, and what stands before its ids."""
