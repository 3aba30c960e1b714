"""Receipts computed by hand from what sellers' pages say; each page is quoted where its figures stand."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from aimstats.domain.workload import PRESETS, Receipt, receipt_of, workload_of
from tests.domain.offers import amounts, offer, receipt, refused, row, tokens


def test_sonnet_with_an_hours_cache_half_of_it_in_batches() -> None:
    # platform.claude.com, pricing: "Claude Sonnet 4.5 | $3 | $3.75 | $6 | $0.30 | $15", batch "$1.50 / MTok | $7.50 / MTok";
    # cache "0.1x", "2x base input price": "These multipliers stack with ..., including the Batch API discount".
    standard = {"input": "3", "cache_write": "3.75", "cache_write_1h": "6", "cache_read": "0.30", "output": "15"}
    batch = tokens({"input": "1.50", "output": "7.50"}, plan="batch")
    derived = tokens({"cache_read": "0.15", "cache_write_1h": "3"}, plan="batch", derived_from="0.1x and 2x of batch input")
    found = receipt(
        offer(*tokens(standard), *batch, *derived, provider="anthropic"),
        requests=100, input_tokens=50_000, output_tokens=2_000, cache_hit="0.8", cache_write="0.1", cache_ttl="1h",
        batch_share="0.5",
    )  # fmt: skip
    # 50 requests each way: 2 M tokens read, 0.25 M written, 0.25 M plain, 0.1 M answered.
    assert amounts(found) == [
        ("cache_read", "batch", "0.3"), ("cache_write_1h", "batch", "0.75"), ("input", "batch", "0.375"),
        ("output", "batch", "0.75"),
        ("cache_read", "standard", "0.6"), ("cache_write_1h", "standard", "1.5"), ("input", "standard", "0.75"),
        ("output", "standard", "1.5"),
    ]  # fmt: skip
    assert found.total == Decimal("6.525")
    assert [line.derived for line in found.lines[:2]] == ["0.1x and 2x of batch input"] * 2
    assert not any(line.starred for line in found.lines)


def test_opus_in_fast_mode() -> None:
    # platform.claude.com, pricing, fast mode of Opus 4.6: "$30 / MTok | $150 / MTok", "including requests over 200k ...",
    # "Prompt caching multipliers apply on top of fast mode pricing": 0.1 x $30 to read.
    fast = tokens({"input": "30", "output": "150", "cache_read": "3"}, plan="fast")
    tariff = offer(*tokens({"input": "5", "output": "25", "cache_read": "0.50"}), *fast, provider="anthropic")
    found = receipt(tariff, input_tokens=300_000, output_tokens=10_000, cache_hit="0.5", plan="fast")
    assert amounts(found) == [("cache_read", "fast", "0.45"), ("input", "fast", "4.5"), ("output", "fast", "1.5")]
    assert found.total == Decimal("6.45")


def test_gpt_5_5_over_272k_and_batch_there() -> None:
    # platform.openai.com/docs/pricing, short and long context: standard "$5.00 | $0.50 | $30.00 | $10.00 | $1.00 | $45.00", batch
    # "$2.50 | $0.25 | $15.00 | $5.00 | $0.50 | $22.50", priority "$12.50 | $1.25 | $75.00 | - | - | -"; "(<272K context length)".
    meters = ("input", "cache_read", "output")
    figures = {
        ("standard", 0): ("5.00", "0.50", "30.00"), ("standard", 272_000): ("10.00", "1.00", "45.00"),
        ("batch", 0): ("2.50", "0.25", "15.00"), ("batch", 272_000): ("5.00", "0.50", "22.50"),
        ("priority", 0): ("12.50", "1.25", "75.00"),
    }  # fmt: skip
    rows = [
        one
        for (plan, tier), prices in figures.items()
        for one in tokens(dict(zip(meters, prices, strict=True)), plan=plan, min_context_tokens=tier)
    ]
    tariff = offer(*rows, provider="openai")
    found = receipt(tariff, requests=2, input_tokens=300_000, output_tokens=10_000, cache_hit="0.5", batch_share="0.5")
    assert amounts(found) == [
        ("cache_read", "batch", "0.075"), ("input", "batch", "0.75"), ("output", "batch", "0.225"),
        ("cache_read", "standard", "0.15"), ("input", "standard", "1.5"), ("output", "standard", "0.45"),
    ]  # fmt: skip
    assert found.total == Decimal("3.15")
    assert {line.min_context_tokens for line in found.lines} == {272_000}
    # "<272K" is short: exactly 272,000 is long. Priority states no price there.
    assert receipt(tariff, input_tokens=272_000, output_tokens=0).total == Decimal("2.72")
    assert receipt(tariff, input_tokens=271_999, output_tokens=0).total == Decimal("1.359995")
    assert refused(tariff, input_tokens=272_000, plan="priority") == "not_possible"
    assert receipt(tariff, input_tokens=271_999, plan="priority").total == Decimal("3.3999875")


def test_gemini_over_200k_with_batch_and_cache() -> None:
    # ai.google.dev, pricing, Gemini 2.5 Pro: batch "$0.625, prompts <= 200k tokens $1.25, prompts > 200k", "$5.00 ... $7.50";
    # caching (in batches too) "$0.125, prompts <= 200k tokens $0.25, prompts > 200k $4.50 / 1,000,000 tokens per hour".
    low, high = {"min_context_tokens": 0}, {"min_context_tokens": 200_000}
    tariff = offer(
        *tokens({"input": "1.25", "output": "10.00", "cache_read": "0.125"}, **low),
        *tokens({"input": "2.50", "output": "15.00", "cache_read": "0.25"}, **high),
        *tokens({"input": "0.625", "output": "5.00", "cache_read": "0.125"}, plan="batch", **low),
        *tokens({"input": "1.25", "output": "7.50", "cache_read": "0.25"}, plan="batch", **high),
        row("cache_storage", "4.50"),
        provider="google",
    )
    found = receipt(tariff, input_tokens=250_000, output_tokens=4_000, cache_hit="0.6", batch_share=1)
    assert amounts(found) == [("cache_read", "batch", "0.0375"), ("input", "batch", "0.125"), ("output", "batch", "0.03")]
    assert found.total == Decimal("0.1925")
    assert found.lines[0].note == "storing the cache costs more by the hour, which is not counted"
    assert receipt(tariff, input_tokens=200_000, batch_share=1).total == Decimal("0.125")


def test_minimax_over_512k() -> None:
    # LiteLLM's copy of MiniMax's price list (2026-07-01): "input_cost_per_token_above_512k_tokens": 6e-07, output 2.4e-06,
    # cache_read 1.2e-07; below 3e-07, 1.2e-06, 6e-08. The stated unit is a token, and stays one.
    figures = {0: ("0.0000003", "0.0000012", "0.00000006"), 512_000: ("0.0000006", "0.0000024", "0.00000012")}
    rows = [
        row(meter, amount, "token", min_context_tokens=tier)
        for tier, prices in figures.items()
        for meter, amount in zip(("input", "output", "cache_read"), prices, strict=True)
    ]
    tariff = offer(*rows, provider="minimax")
    found = receipt(tariff, input_tokens=600_000, output_tokens=5_000, cache_hit="0.75")
    assert amounts(found) == [("cache_read", "standard", "0.054"), ("input", "standard", "0.09"), ("output", "standard", "0.012")]
    assert found.total == Decimal("0.156")
    assert [(line.quantity, line.unit, line.usd_per_unit) for line in found.lines][2] == (
        Decimal(5_000),
        "token",
        Decimal("0.0000024"),
    )
    assert receipt(tariff, input_tokens=512_000).total == Decimal("0.1536")


def test_deepseek_by_the_hours_of_the_day() -> None:
    # api-docs.deepseek.com, pricing (2026-08-17), deepseek-v4-flash: "OFF-PEAK $0.007 ... PEAK $0.014", "$0.22 ... $0.44",
    # "$0.66 ... $1.32"; "Peak hours are 01:00 - 04:00 and 06:00 - 10:00 UTC (all other hours are off-peak)".
    off_peak, peak = (
        {"cache_read": "0.007", "input": "0.22", "output": "0.66"},
        {"cache_read": "0.014", "input": "0.44", "output": "1.32"},
    )
    tariff = offer(
        *tokens(off_peak), *tokens(peak, window="0100-0400"), *tokens(peak, window="0600-1000"), provider="deepseek"
    )  # fmt: skip
    day = {"requests": 24, "input_tokens": 100_000, "output_tokens": 10_000, "cache_hit": "0.5"}
    # 7 of 24 requests at peak: 0.0049 + 0.154 + 0.0924; 17 off peak: 0.00595 + 0.187 + 0.1122.
    found = receipt(tariff, **day)
    assert found.total == Decimal("0.55645")
    assert [(line.window, f"{line.amount:f}") for line in found.lines if line.meter == "input"] == [
        ("0100-0400", "0.066"), ("0600-1000", "0.088"), ("", "0.187"),
    ]  # fmt: skip
    assert receipt(tariff, **day, utc_hours=("1000-1800",)).total == Decimal("0.4308")
    assert receipt(tariff, **day, utc_hours=("0100-0200", "0630-0730")).total == Decimal("0.8616")


def test_a_promotion_counts_with_its_end() -> None:
    # api-docs.deepseek.com, pricing, deepseek-v4-pro: "$0.435 (75% off) $1.74", "extended until 2026/05/31 15:59 UTC".
    end = datetime(2026, 5, 31, 15, 59, tzinfo=UTC)
    tariff = offer(row("input", "1.74"), row("input", "0.435", promotional=True, valid_to=end), provider="deepseek")
    found = receipt(tariff, input_tokens=1_000_000)
    assert (found.total, found.lines[0].promotional_until) == (Decimal("0.435"), "2026-05-31T15:59:00+00:00")


def test_qwens_tiers_and_its_price_of_thinking() -> None:
    # LiteLLM's copy of Model Studio's list, qwen-plus: range [0, 256000] 4e-07, 1.2e-06, reasoning 4e-06; then
    # 1.2e-06, 3.6e-06, 1.2e-05. help.aliyun.com prices "output" and "output (thinking)": all output of a request that thinks.
    low, high = {"input": "0.4", "output": "1.2", "reasoning": "4"}, {"input": "1.2", "output": "3.6", "reasoning": "12"}
    tariff = offer(*tokens(low), *tokens(high, min_context_tokens=256_000), provider="alibaba")
    thinking = receipt(tariff, input_tokens=300_000, output_tokens=5_000, reasoning_tokens=3_000)
    assert amounts(thinking) == [("input", "standard", "0.36"), ("reasoning", "standard", "0.06")]
    assert receipt(tariff, input_tokens=300_000, output_tokens=5_000).total == Decimal("0.378")
    assert receipt(tariff, input_tokens=256_000, output_tokens=5_000, reasoning_tokens=1).total == Decimal("0.1224")
    elsewhere = offer(*tokens(low), provider="other")
    split = receipt(elsewhere, output_tokens=5_000, reasoning_tokens=3_000)
    assert amounts(split) == [("reasoning", "standard", "0.012"), ("output", "standard", "0.0024")]


def test_an_embedding() -> None:
    # developers.openai.com, pricing: ["text-embedding-3-small", 0.02, "-", "-"].
    tariff = offer(row("input", "0.02"), provider="openai", type_="embedding", cost={"absent": {"output": "not_billed"}})
    found = receipt_of(tariff, workload_of(PRESETS["embed_million_words"].values))
    assert isinstance(found, Receipt)
    assert found.total == Decimal("0.02666")


def test_what_gives_numbers_answers_no_request_for_tokens() -> None:
    for kind in ("embedding", "rerank"):
        tariff = offer(row("input", "0.02"), type_=kind, cost={"absent": {"output": "not_billed"}})
        assert refused(tariff, input_tokens=1_000, output_tokens=1) == "not_possible"
        assert receipt(tariff, input_tokens=1_000_000).total == Decimal("0.02")


def test_veo_with_audio_at_1080p() -> None:
    # ai.google.dev, pricing: "Veo 3.1 Fast video with audio price (default) | $0.10 (720p) $0.12 (1080p) $0.30 (4k)".
    sizes = {"720p": "0.10", "1080p": "0.12", "4k": "0.30"}
    rows = [row("output_video", usd, "second", conditions={"resolution": size}) for size, usd in sizes.items()]
    tariff = offer(*rows, provider="google", type_="video")
    found = receipt(tariff, seconds=8, resolution="1080p", audio="true")
    assert (found.total, found.lines[0].conditions) == (Decimal("0.96"), (("resolution", "1080p"),))
    assert refused(tariff, seconds=8) == "depends_on_condition"
    assert refused(tariff, seconds=8, resolution="8k") == "depends_on_condition"


def test_whisper_by_the_minute() -> None:
    # developers.openai.com, pricing: "Whisper | Transcription | - | - | $0.006 / minute".
    tariff = offer(row("input_audio", "0.006", "minute"), provider="openai", type_="transcription")
    found = receipt(tariff, seconds=90)
    line = found.lines[0]
    assert (line.quantity, line.unit, line.usd_per_unit) == (Decimal("1.5"), "minute", Decimal("0.006"))
    assert found.total == Decimal("0.009")


def test_gpt_image_by_tokens() -> None:
    # platform.openai.com/docs/pricing: "gpt-image-1.5 | Image | $8.00 | $2.00 | $32.00", "Text | $5.00 | $1.25 | $10.00".
    tariff = offer(*tokens({"input": "5.00", "output": "10.00", "output_image": "32.00"}), provider="openai", type_="image")
    found = receipt(tariff, input_tokens=50, output_image_tokens=1_056)
    assert amounts(found) == [("input", "standard", "0.00025"), ("output_image", "standard", "0.033792")]
    assert found.total == Decimal("0.034042")
    assert refused(tariff, images=1) == "billed_otherwise"


def test_imagen_by_the_image() -> None:
    # ai.google.dev, pricing: "Imagen 4 Standard image price | Not available | $0.04". Its prompt costs nothing besides.
    tariff = offer(row("image", "0.04"), provider="google", type_="image")
    assert receipt(tariff, images=3, input_tokens=60).total == Decimal("0.12")


def test_speech_by_characters() -> None:
    # developers.openai.com, pricing: "tts-1 | Text | $15.00 / 1M characters".
    tariff = offer(row("input_character", "15.00", "1M characters"), provider="openai", type_="speech")
    found = receipt_of(tariff, workload_of(PRESETS["speak_minute"].values))
    assert isinstance(found, Receipt)
    assert amounts(found) == [("input_character", "standard", "0.0135")]


def test_speech_by_tokens_of_sound_where_the_seller_says_how_many_a_second_is() -> None:
    # ai.google.dev, pricing, Gemini 3.1 Flash TTS: "$1.00 (text)", "$20.00 (audio)", "Audio tokens correspond to 25 tokens
    # per second of audio."
    rows = tokens({"input": "1.00", "output_audio": "20.00"})
    found = receipt(offer(*rows, provider="google", type_="speech"), input_tokens=225, characters=900, seconds=60)
    assert amounts(found) == [("input", "standard", "0.000225"), ("output_audio", "standard", "0.03")]
    assert refused(offer(*rows, provider="other", type_="speech"), input_tokens=225, seconds=60) == "billed_otherwise"


def test_a_page_of_ocr() -> None:
    # mistral.ai/pricing, OCR 3: "$2 / 1,000 pages", annotations "$3 / 1,000 pages"; "50 % off with batch APIs".
    tariff = offer(
        row("ocr_page", "2", "1K pages"),
        row("ocr_page", "1", "1K pages", plan="batch", derived_from="50 % off with batch APIs"),
        row("page", "3", "1K pages", conditions={"unit_of": "annotation"}),
        provider="mistral",
    )
    found = receipt(tariff, pages=1)
    assert (found.lines[0].quantity, found.lines[0].usd_per_unit, found.total) == (Decimal("0.001"), Decimal(2), Decimal("0.002"))
    assert receipt(tariff, pages=1, batch_share=1).total == Decimal("0.001")
    annotations = offer(row("page", "3", "1K pages", conditions={"unit_of": "annotation"}), provider="mistral")
    assert refused(annotations, pages=1) == "not_published"


def test_a_free_tier() -> None:
    # ai.google.dev, pricing, Gemini 2.5 Flash, free tier: "Input price | Free of charge", "Output price ... | Free of charge".
    tariff = offer(*tokens({"input": "0", "output": "0"}, plan="free"), provider="google", billing="free_tier")
    found = receipt(tariff, input_tokens=1_000, output_tokens=1_000)
    assert (found.total, found.lines[0].note) == (Decimal(0), "on the free tier, within its limits of use")


def test_a_subscription_has_no_total() -> None:
    # mistral.ai/pricing: "Pro $14.99*", "Base $.. / mo": paid by the month, whatever is used.
    tariff = offer(*tokens({"input": "0", "output": "0"}, plan="subscription"), billing="subscription")
    assert refused(tariff, input_tokens=1_000, output_tokens=1_000) == "billed_otherwise"
