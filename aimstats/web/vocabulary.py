"""Words that figures and facts are made of and that pages print as they are: here only so that they are translated."""

from __future__ import annotations

from typing import Final

from aimstats.domain.texts import N_

WORDS: Final = (
    # statuses of models, offers and sources
    N_("preview"), N_("active"), N_("deprecated"), N_("retired"),
    N_("published"), N_("unchanged"), N_("failed"), N_("stale"), N_("not configured"), N_("absent"), N_("never run"),
    # what a model is, reads and writes, and is suited for
    N_("text"), N_("embedding"), N_("rerank"), N_("image"), N_("video"), N_("speech"), N_("transcription"), N_("moderation"),
    N_("other"), N_("all"), N_("audio"), N_("pdf"), N_("score"), N_("reasoning"),
    N_("document analysis"), N_("summarization"), N_("rag"), N_("translation"), N_("story writing"), N_("coding"),
    N_("image generation"), N_("audio generation"), N_("video generation"),
    N_("minimal"), N_("low"), N_("medium"), N_("high"), N_("xhigh"), N_("max"),
    # plans and billing
    N_("standard"), N_("batch"), N_("flex"), N_("priority"), N_("fast"), N_("provisioned"), N_("subscription"), N_("metered"),
    N_("free tier"),
    # what a row of a table is
    N_("Offer"), N_("Model"), N_("Provider"), N_("Source"),
    # how sources stand to each other, and what they are
    N_("equal"), N_("disputed"), N_("lagging"), N_("not comparable"), N_("only"),
    N_("page"), N_("api"), N_("router"), N_("catalogue"), N_("registry"), N_("lifecycle"), N_("benchmark"), N_("model"),
    N_("agent"),
    # meters and units
    N_("cache read"), N_("cache write"), N_("cache write 1h"), N_("cache storage"), N_("input audio"), N_("output audio"),
    N_("input image"), N_("output image"), N_("input video"), N_("output video"), N_("cache read audio"), N_("cache write audio"),
    N_("cache read image"), N_("cache read video"), N_("citation"), N_("training"), N_("input character"), N_("output character"),
    N_("pixel"), N_("second"), N_("character"), N_("ocr page"), N_("request"), N_("web search"),
    N_("web fetch"), N_("file search"),
    N_("file storage"), N_("maps grounding"), N_("session"), N_("capacity"), N_("step"), N_("hour"),
    N_("$/image"), N_("$/second"), N_("$/1M characters"), N_("$/page"), N_("$/request"),
    N_("index"), N_("points"), N_("rating"), N_("minutes"),
    # settings of scores, and days in chips
    N_("effort"), N_("harness"), N_("attempts"), N_("part"), N_("as of"), N_("known at"),
    # facts that have no column
    N_("adaptive thinking"), N_("gated"), N_("implicit caching"), N_("interleaved"), N_("is moderated"), N_("json output"),
    N_("parallel function calling"), N_("parallel tool calls"), N_("prompt caching"), N_("quantization"),
    N_("reasoning default effort"), N_("reasoning default enabled"), N_("reasoning mandatory"), N_("reasoning max tokens"),
    N_("supported endpoints"), N_("supported resolutions"), N_("supported voices"), N_("uses embed content"),
    N_("max file size mb"), N_("max images per prompt"), N_("tool use system prompt tokens"), N_("context"),
    N_("prices incomplete"),
)  # fmt: skip
