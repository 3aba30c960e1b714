"""What never changes a model, and what always does, over names made of parts."""

from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from aimstats.identity import Name, resolve

# Ids whose every part is plain: the base that regions, hosts and dates are added to.
_PLAIN = """
claude-sonnet-4.5 claude-opus-4-6 claude-3-haiku gpt-4.1 gpt-5.2 gpt-5.4-mini gpt-oss-120b gemini-2.5-flash gemini-3-pro
llama-3.3-70b-instruct llama-4-maverick qwen3-32b qwen2.5-7b-instruct deepseek-v3.2 deepseek-r1-distill-qwen-32b grok-4
grok-4.1-fast kimi-k2.5 glm-4.6 minimax-m2.5 mistral-nemo codestral phi-4 nova-pro command-a granite-3.3-8b-instruct
gemma-3-27b-it sonar-pro mimo-v2-flash ernie-4.5-21b-a3b olmo-3-32b-think step-3.5-flash hermes-4-70b nemotron-nano-9b-v2
"""
_FORMS = "claude-sonnet-{} gpt-{} gemini-{}-pro llama-{}-70b-instruct qwen{}-32b grok-{} glm-{} granite-{}-8b"
_SIZED = "llama-3.3-{}b-instruct qwen2.5-{}b-instruct gemma-3-{}b-it gpt-oss-{}b hermes-4-{}b"
_REGIONS = "us eu apac global us-east-1 eu-central-1 ap-southeast-2 us-gov-west-1"
_HOSTS = """
openrouter/ azure/ bedrock/ vertex_ai/ fireworks_ai/accounts/fireworks/models/ accounts/fireworks/models/ groq/ deepinfra/
together_ai/ vercel_ai_gateway/ cloudflare/@cf/ databricks/databricks- novita/ hf: workers-ai/@cf/ nebius/ models/
"""
_QUANTISATIONS = "fp8 bf16 fp16 int8 int4 awq gptq gguf nvfp4 mxfp4 q8_0 q4_K_M 4bit w4a16"
_EDITIONS = "mini nano lite pro codex image audio embedding guard vision distill abliterated uncensored"

PLAIN = st.sampled_from(_PLAIN.split())
FORMS = st.sampled_from(_FORMS.split())
VERSIONS = st.builds("{}.{}".format, st.integers(5, 9), st.integers(1, 9))


def _model(text: str) -> str | None:
    return resolve(Name(external_id=text)).model


@given(PLAIN, st.sampled_from(_REGIONS.split()))
def test_a_region_never_changes_the_model(name: str, region: str) -> None:
    found = resolve(Name(external_id=f"bedrock/{region}/{name}"))
    assert (found.model, found.region) == (_model(name), region)
    assert found.offer_variant == resolve(Name(external_id=name)).offer_variant


@given(PLAIN, st.sampled_from(_HOSTS.split()))
def test_a_host_never_changes_the_model(name: str, host: str) -> None:
    assert _model(host + name) == _model(name)


@given(
    PLAIN,
    st.sampled_from(_QUANTISATIONS.split()),
    st.sampled_from("-:"),
)
def test_a_quantisation_never_changes_the_model(name: str, quantisation: str, separator: str) -> None:
    found = resolve(Name(external_id=f"{name}{separator}{quantisation}"))
    assert found.model == _model(name)
    assert quantisation.lower() in found.variant.split("+")


@given(PLAIN, st.dates(min_value=date(2023, 1, 1), max_value=date(2029, 12, 31)))
def test_a_full_date_never_changes_the_model(name: str, day: date) -> None:
    for text, snapshot in ((f"{name}-{day:%Y-%m-%d}", f"{day:%Y-%m-%d}"), (f"{name}@{day:%Y%m%d}", f"{day:%Y%m%d}")):
        found = resolve(Name(external_id=text))
        assert (found.model, found.snapshot) == (_model(name), snapshot)


@given(PLAIN, st.sampled_from([":free", ":thinking", ":exacto", ":batch", "-tee", ":extended"]))
def test_terms_and_modes_never_change_the_model(name: str, word: str) -> None:
    found = resolve(Name(external_id=name + word))
    assert found.model == _model(name)
    assert word[1:] in found.variant


@given(FORMS, VERSIONS, VERSIONS)
def test_another_generation_is_always_another_model(form: str, one: str, other: str) -> None:
    assume(one != other)
    assert _model(form.format(one)) != _model(form.format(other))


@given(FORMS, VERSIONS)
def test_a_version_is_one_however_its_point_is_written(form: str, version: str) -> None:
    for spelled in (version.replace(".", "-"), version.replace(".", "_"), version.replace(".", "p")):
        assert _model(form.format(spelled)) == _model(form.format(version))


@given(st.sampled_from(_SIZED.split()), st.data())
def test_another_size_is_always_another_model(form: str, data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(1, 900), min_size=2, max_size=2, unique=True))
    assert _model(form.format(sizes[0])) != _model(form.format(sizes[1]))


@given(
    PLAIN,
    st.sampled_from(_EDITIONS.split()),
)
def test_an_edition_word_is_always_another_model(name: str, word: str) -> None:
    assume(word not in name.split("-"))
    assert _model(f"{name}-{word}") != _model(name)


@given(PLAIN)
def test_case_and_spaces_are_spelling(name: str) -> None:
    assert _model(name.upper()) == _model(name) == resolve(Name(name=name.replace("-", " "))).model


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=20))
def test_any_text_resolves_to_something_tidy(external_id: str, shown: str, provider: str) -> None:
    found = resolve(Name(external_id=external_id, name=shown, provider=provider))
    assert 0 <= found.confidence <= 1
    if found.model is not None:
        developer, _, slug = found.model.partition("/")
        assert developer
        assert slug
        assert " " not in found.model
        assert found.developer == developer
