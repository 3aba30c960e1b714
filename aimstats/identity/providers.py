"""Who sells models: ids, names, homepages, other spellings; a source's spelling to (provider, region, billing)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from aimstats.identity.developers import squash, tidy_title

METERED, SUBSCRIPTION = "metered", "subscription"


@dataclass(frozen=True, slots=True)
class Provider:
    """A seller of models. `marks` are other spellings; `billing` is how it sells unless a spelling says otherwise."""

    id: str
    name: str
    homepage: str
    marks: tuple[str, ...] = ()
    billing: str = METERED


@dataclass(frozen=True, slots=True)
class ProviderMapping:
    """What a source's spelling of a provider means; `region` is '' where it says none."""

    provider: str
    region: str
    billing: str


# id | name | homepage | other spellings | billing unless metered. Ids are models.dev's where it has the provider.
_TABLE = """
302ai|302.AI|https://302.ai||
abacus|Abacus|https://abacus.ai||
ai21|AI21 Labs|https://www.ai21.com|ai21labs|
aihubmix|AIHubMix|https://aihubmix.com||
aiml|AI/ML API|https://aimlapi.com|aimlapi|
akashml|AkashML|https://akashml.com|akash|
aleph-alpha|Aleph Alpha|https://aleph-alpha.com||
alibaba|Alibaba|https://www.alibabacloud.com/product/modelstudio|dashscope alibabacloud qwen alibabacloudint|
amazon-bedrock|Amazon Bedrock|https://aws.amazon.com/bedrock|aws bedrock bedrockconverse bedrockmantle amazon|
amazon-polly|Amazon Polly|https://aws.amazon.com/polly|awspolly|
amazon-sagemaker|Amazon SageMaker|https://aws.amazon.com/sagemaker|sagemaker|
ambient|Ambient|https://ambient.xyz||
anthropic|Anthropic|https://www.anthropic.com||
anyscale|Anyscale|https://www.anyscale.com||
arcee|Arcee AI|https://www.arcee.ai|arceeai|
assemblyai|AssemblyAI|https://www.assemblyai.com||
atlas-cloud|AtlasCloud|https://www.atlascloud.ai|atlascloud|
avian|Avian|https://avian.io||
azure|Azure|https://azure.microsoft.com/products/ai-foundry|azureai azuretext azureopenai azurecognitiveservices microsoft|
baidu|Baidu Qianfan|https://cloud.baidu.com|qianfan|
bailing|Bailing|https://www.tbox.cn||
baseten|Baseten|https://www.baseten.co||
berget|Berget.AI|https://berget.ai||
black-forest-labs|Black Forest Labs|https://bfl.ai|bfl|
byteplus|BytePlus ModelArk|https://www.byteplus.com||
cerebras|Cerebras|https://www.cerebras.ai||
chutes|Chutes|https://chutes.ai||
clarifai|Clarifai|https://www.clarifai.com||
clod|Clod|https://clod.io||
cloudferro-sherlock|CloudFerro Sherlock|https://sherlock.cloudferro.com|cloudferro|
cloudflare-ai-gateway|Cloudflare AI Gateway|https://developers.cloudflare.com/ai-gateway||
cloudflare-workers-ai|Cloudflare Workers AI|https://developers.cloudflare.com/workers-ai|cloudflare workersai|
cohere|Cohere|https://cohere.com|coherechat|
cortecs|Cortecs|https://cortecs.ai||
crusoe|Crusoe|https://crusoe.ai||
databricks|Databricks|https://www.databricks.com||
dataforseo|DataForSEO|https://dataforseo.com||
decart|Decart|https://decart.ai||
deepgram|Deepgram|https://deepgram.com||
deepinfra|Deep Infra|https://deepinfra.com|deepinfraturbo|
deepseek|DeepSeek|https://www.deepseek.com||
dekallm|DekaLLM|https://dekallm.cloudeka.ai||
digitalocean|DigitalOcean|https://www.digitalocean.com/products/gradient|gradientai gradient|
dinference|DInference|https://dinference.com||
drun|D.Run|https://www.d.run||
duckduckgo|DuckDuckGo|https://duckduckgo.com||
elevenlabs|ElevenLabs|https://elevenlabs.io||
evroc|evroc|https://evroc.com||
exa|Exa|https://exa.ai|exaai|
fal|fal|https://fal.ai|falai|
fastrouter|FastRouter|https://fastrouter.ai||
featherless|Featherless|https://featherless.ai|featherlessai|
firecrawl|Firecrawl|https://www.firecrawl.dev||
fireworks-ai|Fireworks AI|https://fireworks.ai|fireworks fireworksaiembeddingmodels|
firmware|Firmware|https://frogbot.ai||
friendli|Friendli|https://friendli.ai|friendliai|
gigachat|GigaChat|https://giga.chat||
github-copilot|GitHub Copilot|https://github.com/features/copilot||subscription
github-models|GitHub Models|https://github.com/marketplace/models|github|free_tier
gitlab|GitLab Duo|https://about.gitlab.com/gitlab-duo|gitlabduo|subscription
gmicloud|GMI Cloud|https://www.gmicloud.ai|gmi|
google|Google AI Studio|https://ai.google.dev|gemini palm googleaistudio googleai|
google-pse|Google Programmable Search|https://programmablesearchengine.google.com|googlepse|
google-vertex|Google Vertex AI|https://cloud.google.com/vertex-ai|vertex vertexai googlevertexanthropic googlevertexai|
groq|Groq|https://groq.com||
helicone|Helicone|https://www.helicone.ai||
heroku|Heroku|https://www.heroku.com/ai||
hpc-ai|HPC-AI|https://www.hpc-ai.com||
huggingface|Hugging Face|https://huggingface.co|hf hfinference hfrouter|
hyperbolic|Hyperbolic|https://www.hyperbolic.ai||
ideogram|Ideogram|https://ideogram.ai||
iflowcn|iFlow|https://platform.iflow.cn|iflow|free_tier
inception|Inception|https://www.inceptionlabs.ai|inceptionlabs|
inceptron|Inceptron|https://www.inceptron.io||
inference|Inference.net|https://inference.net|inferencenet|
infermatic|Infermatic|https://infermatic.ai||
inflection|Inflection AI|https://inflection.ai||
io-net|IO.NET|https://io.net|ionet|
ionstream|Ionstream|https://ionstream.ai||
jiekou|Jiekou.AI|https://jiekou.ai||
jina|Jina AI|https://jina.ai|jinaai|
kilo|Kilo Gateway|https://kilo.ai||
kuae-cloud|KUAE Cloud|https://www.mthreads.com||
lambda|Lambda|https://lambda.ai|lambdaai|
lemonade|Lemonade|https://lemonade-server.ai||free_tier
linkup|Linkup|https://www.linkup.so||
liquid|Liquid AI|https://www.liquid.ai||
llama|Llama API|https://llama.developer.meta.com|metallama meta llamaapi|
llamagate|LlamaGate|https://llamagate.dev||
llmgateway|LLM Gateway|https://llmgateway.io||
lmstudio|LM Studio|https://lmstudio.ai||free_tier
lucidquery|LucidQuery AI|https://lucidquery.com||
luma|Luma AI|https://lumalabs.ai|lumalabs|
mancer|Mancer|https://mancer.tech||
mara|Mara|https://www.mara.com||
meganova|Meganova|https://meganova.ai||
minimax|MiniMax|https://platform.minimax.io||
mistral|Mistral AI|https://mistral.ai|mistralai codestral textcompletioncodestral|
mixlayer|Mixlayer|https://www.mixlayer.com||
moark|Moark|https://moark.com||
modelrun|ModelRun|https://modelrun.ai||
modelscope|ModelScope|https://modelscope.cn||free_tier
moonshotai|Moonshot AI|https://platform.moonshot.ai|moonshot kimi|
morph|Morph|https://morphllm.com||
nano-gpt|NanoGPT|https://nano-gpt.com||
ncompass|nCompass|https://www.ncompass.tech||
nebius|Nebius Token Factory|https://nebius.com|nebiustokenfactory nebiusai|
nextbit|NextBit|https://www.nextbit256.com||
nlp-cloud|NLP Cloud|https://nlpcloud.com||
nova|Amazon Nova|https://nova.amazon.com|amazonnova|
novita-ai|NovitaAI|https://novita.ai|novita|
nscale|Nscale|https://www.nscale.com||
nvidia|NVIDIA|https://build.nvidia.com|nvidianim|free_tier
oci|Oracle Cloud|https://www.oracle.com/cloud|oracle|
ollama|Ollama|https://ollama.com||free_tier
ollama-cloud|Ollama Cloud|https://ollama.com/cloud||subscription
openai|OpenAI|https://openai.com|textcompletionopenai|
opencode|OpenCode Zen|https://opencode.ai/zen|opencodezen|
openrouter|OpenRouter|https://openrouter.ai||
ovhcloud|OVHcloud AI Endpoints|https://www.ovhcloud.com|ovh|
parallel|Parallel|https://parallel.ai|parallelai|
parasail|Parasail|https://www.parasail.io||
perplexity|Perplexity|https://www.perplexity.ai||
perplexity-agent|Perplexity Agent|https://docs.perplexity.ai/docs/agent-api/models||
phala|Phala|https://phala.com||
poe|Poe|https://poe.com||
privatemode-ai|Privatemode AI|https://www.privatemode.ai|privatemode|
publicai|Public AI|https://publicai.co||
qihang-ai|QiHang|https://www.qhaigc.net|qihang|
qiniu-ai|Qiniu|https://www.qiniu.com|qiniu|
recraft|Recraft|https://www.recraft.ai||
relace|Relace|https://relace.ai||
replicate|Replicate|https://replicate.com||
requesty|Requesty|https://www.requesty.ai||
runwayml|Runway|https://runwayml.com|runway|
sambanova|SambaNova|https://sambanova.ai||
sap-ai-core|SAP AI Core|https://www.sap.com/products/artificial-intelligence|sap|
sarvam|Sarvam AI|https://www.sarvam.ai||
scaleway|Scaleway|https://www.scaleway.com||
searxng|SearXNG|https://docs.searxng.org||
serper|Serper|https://serper.dev||
siliconflow|SiliconFlow|https://www.siliconflow.com||
snowflake|Snowflake|https://www.snowflake.com||
stability|Stability AI|https://stability.ai|stabilityai|
stackit|STACKIT|https://www.stackit.de||
stepfun|StepFun|https://www.stepfun.com||
streamlake|StreamLake|https://www.streamlake.ai||
submodel|submodel|https://www.submodel.ai||
synthetic|Synthetic|https://synthetic.new||
targon|Targon|https://targon.com||
tavily|Tavily|https://tavily.com||
tencent-tokenhub|Tencent Cloud|https://cloud.tencent.com|tencent tencentcloud|
the-grid-ai|The Grid AI|https://thegrid.ai|thegrid|
thinkingmachines|Thinking Machines Lab|https://thinkingmachines.ai||
togetherai|Together AI|https://www.together.ai|together|
upstage|Upstage|https://www.upstage.ai||
v0|v0|https://v0.app||
venice|Venice AI|https://venice.ai|veniceai|
vercel|Vercel AI Gateway|https://vercel.com/ai-gateway|vercelaigateway|
vivgrid|Vivgrid|https://vivgrid.com||
volcengine|Volcengine Ark|https://www.volcengine.com|ark bytedance|
voyage|Voyage AI|https://www.voyageai.com|voyageai|
vultr|Vultr|https://www.vultr.com||
wafer.ai|Wafer|https://wafer.ai||subscription
wandb|Weights & Biases|https://wandb.ai|weightsandbiases|
watsonx|IBM watsonx|https://www.ibm.com/watsonx|ibm|
writer|Writer|https://writer.com||
xai|xAI|https://x.ai||
xiaomi|Xiaomi|https://mimo.xiaomi.com|mimo|
zai|Z.AI|https://z.ai||
zenmux|ZenMux|https://zenmux.ai||
zhipuai|Zhipu AI|https://open.bigmodel.cn|zhipu bigmodel|
"""

# Spellings that also say the terms: subscriptions and plans beside the pay-as-you-go door.
_TERMS = {
    "chatgpt": ("openai", SUBSCRIPTION),
    "kimi-for-coding": ("moonshotai", SUBSCRIPTION),
    "opencode-go": ("opencode", SUBSCRIPTION),
}
_REGION_SUFFIXES = {"-cn": "cn", "-ams": "eu", "-sgp": "sg", "-eu": "eu", "-us": "us"}
_HOME_REGIONS = {"zhipuai": "cn"}
_PLAN_SUFFIX = re.compile(r"-(?:coding|token)-plan")
_OWN_MODELS_ONLY = {"google": ("google", "google-vertex")}
"""Shops that sell the models of one developer: (that developer, the seller's shop for the models of others). A list that says
Google of a Claude means Vertex."""
_SLUG = re.compile(r"[^a-z0-9.]+")


def _read(table: str) -> dict[str, Provider]:
    found = {}
    for line in table.strip().splitlines():
        identifier, name, homepage, marks, billing = line.split("|")
        found[identifier] = Provider(identifier, name, homepage, tuple(marks.split()), billing or METERED)
    return found


PROVIDERS: Mapping[str, Provider] = _read(_TABLE)
_BY_MARK: Mapping[str, str] = {
    squash(mark): seller.id for seller in PROVIDERS.values() for mark in (seller.name, *seller.marks, seller.id)
}


@lru_cache(maxsize=4096)
def provider_of(source: str, stated: str) -> ProviderMapping:
    """What `stated` means when `source` spells it; an unknown spelling maps to a slug of itself, metered.

    LiteLLM's families fold (`bedrock_converse`, `azure_ai`, `vertex_ai-*`); genai-prices' `huggingface_x` is sold by
    Hugging Face. `-cn` and other suffixes are regions, coding and token plans subscriptions.

    >>> provider_of("litellm", "vertex_ai-anthropic_models").provider, provider_of("models_dev", "alibaba-coding-plan-cn")
    ('google-vertex', ProviderMapping(provider='alibaba', region='cn', billing='subscription'))
    """
    text = _SLUG.sub("-", stated.lower().strip()).strip("-.")
    if source.startswith("litellm") and text.startswith("vertex-ai"):
        text = "google-vertex"
    elif text.startswith("huggingface-") and source.replace("-", "_").startswith("genai"):
        text = "huggingface"
    if text in _TERMS:
        provider, billing = _TERMS[text]
        return ProviderMapping(provider, "", billing)
    region = ""
    known = _BY_MARK.get(squash(text))
    plan = known is None and _PLAN_SUFFIX.search(text) is not None
    if known is None:
        text = _PLAN_SUFFIX.sub("", text)
        for suffix, place in _REGION_SUFFIXES.items():
            if text.endswith(suffix):
                text, region = text.removesuffix(suffix), place
                break
        known = _BY_MARK.get(squash(text))
    if known is None:
        return ProviderMapping(text or "unknown", region, SUBSCRIPTION if plan else METERED)
    billing = SUBSCRIPTION if plan else PROVIDERS[known].billing
    return ProviderMapping(known, region or _HOME_REGIONS.get(known, ""), billing)


def shop_of(provider: str, model: str | None) -> str:
    """The seller's shop that has the model: one that sells its own developer's models alone has a second for those of others.

    >>> shop_of("google", "google/gemini-2.5-pro"), shop_of("google", "anthropic/claude-sonnet-4.5"), shop_of("google", None)
    ('google', 'google-vertex', 'google')
    """
    developer, others = _OWN_MODELS_ONLY.get(provider, ("", provider))
    return provider if model is None or model.partition("/")[0] == developer else others


def provider_name(identifier: str) -> str:
    """The seller's display name; an unknown id gives its tidy title."""
    seller = PROVIDERS.get(identifier)
    return seller.name if seller else tidy_title(identifier)
