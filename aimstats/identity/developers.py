"""The labs that train models: ids, names, homepages, how others spell them, and the family words of their models."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Developer:
    """A lab. `marks` are other spellings (organisations, vendors); `families` are words that begin its models' names."""

    id: str
    name: str
    homepage: str
    monogram: str
    marks: tuple[str, ...] = ()
    families: tuple[str, ...] = ()


# id | name | homepage | monogram | other spellings | family words
_TABLE = """
openai|OpenAI|https://openai.com|OA|oai|gpt chatgpt o1 o3 o4 dalle whisper sora codex davinci babbage curie ada
anthropic|Anthropic|https://www.anthropic.com|AN|anthopic|claude opus sonnet haiku
google|Google|https://deepmind.google|GO|googledeepmind deepmind googleresearch googleai googleaistudio google,googledeepmind gemini palm|gemini gemma codegemma paligemma medgemma shieldgemma palm bison gecko unicorn lyria veo imagen learnlm medlm chirp imagegeneration t5 flan ul2 glam multimodalembedding nanobanana recurrentgemma txgemma embeddinggemma gemsura
meta|Meta|https://ai.meta.com|ME|metallama metaai facebook facebookresearch meta-llama|llama codellama opt muse galactica llamaguard
mistral|Mistral AI|https://mistral.ai|MI|mistralai|mistral mixtral codestral devstral magistral ministral pixtral voxtral mathstral leanstral
alibaba|Alibaba|https://qwen.ai|AB|qwen alibabacloud aliaba tongyi alibabanlp tongyizhiwen wanai wanvideo damo qwenlm tongyimai|qwen qwq qvq wan tongyi codeqwen qwenlong qwencoder qwen3guard gte zimage happyhorse
deepseek|DeepSeek|https://www.deepseek.com|DS|deepseekai|deepseek
xai|xAI|https://x.ai|XA|x-ai|grok aurora
moonshot|Moonshot AI|https://www.moonshot.ai|MK|moonshotai kimi kimiforcoding|kimi moonshot moonlight
z-ai|Z.ai|https://z.ai|ZA|zai zaiorg zhipu zhipuai thudm zaizhipuai zaizhipuaitsinghuauniversity tsinghua|glm chatglm cogview cogvideox cogvlm autoglm codegeex charglm
minimax|MiniMax|https://www.minimax.io|MM|minimaxai|minimax hailuo abab
microsoft|Microsoft|https://www.microsoft.com/ai|MS|microsoftai microsoftresearch|phi mai wizardlm orca fara
nvidia|NVIDIA|https://www.nvidia.com/ai|NV||nemotron nvila nemoretriever parakeet cosmos nv openreasoning canary
amazon|Amazon|https://aws.amazon.com/ai|AM|amazonnova aws awspolly|nova titan chronos
cohere|Cohere|https://cohere.com|CO|cohereforai coherelabs coherecohereforai|command cohere embed rerank aya north c4ai
xiaomi|Xiaomi|https://mimo.xiaomi.com|XI|xiaomimimo|mimo
baidu|Baidu|https://yiyan.baidu.com|BD|paddlepaddle|ernie paddleocr
ai21|AI21 Labs|https://www.ai21.com|A2|ai21labs|jamba j1 j2 jurassic
ibm|IBM|https://www.ibm.com/granite|IB|ibmgranite|granite slate
bytedance|ByteDance|https://seed.bytedance.com|BY|bytedanceseed bytedanceresearch volcengine|doubao seed seedream seedance seededit dola bagel omnihuman skylark dreamina uitars seedoss
tencent|Tencent|https://hunyuan.tencent.com|TC|tencentarc|hunyuan hy hy3
stepfun|StepFun|https://www.stepfun.com|SF|stepfunai|step step1x gelab
perplexity|Perplexity|https://www.perplexity.ai|PX|perplexityai ppl|sonar pplx r1-1776
nous|Nous Research|https://nousresearch.com|NR|nousresearch|hermes deephermes nous
allenai|Ai2|https://allenai.org|A2|ai2 allenaiuw alleninstituteforai|olmo olmoe molmo tulu olmocr
reka|Reka AI|https://reka.ai|RK|rekaai|reka
inception|Inception|https://www.inceptionlabs.ai|IN|inceptionlabs|mercury
inflection|Inflection AI|https://inflection.ai|IF|inflectionai|inflection
liquid|Liquid AI|https://www.liquid.ai|LQ|liquidai|lfm
upstage|Upstage|https://www.upstage.ai|UP|upstageai|solar
writer|Writer|https://writer.com|WR||palmyra
databricks|Databricks|https://www.databricks.com|DB|mosaicml|dbrx mpt dolly
snowflake|Snowflake|https://www.snowflake.com|SN||arctic
01-ai|01.AI|https://www.01.ai|01|01ai zerooneai|yi
arcee|Arcee AI|https://www.arcee.ai|AR|arceeai|trinity virtuoso maestro spotlight caller supernova afm arcee
deepcogito|Deep Cogito|https://www.deepcogito.com|DC|cogito|cogito
inclusionai|inclusionAI|https://www.inclusion-ai.org|IA|bailing antgroup antling|ling ring
kwaipilot|Kwaipilot|https://kwaipilot.ai|KP|kwaikat|kat
kuaishou|Kuaishou|https://klingai.com|KU|klingai kling|kling kolors
meituan|Meituan|https://longcat.chat|MT|meituanlongcat|longcat
prime-intellect|Prime Intellect|https://www.primeintellect.ai|PI|primeintellect|intellect
essentialai|Essential AI|https://www.essential.ai|ES|essential|rnj
poolside|Poolside|https://poolside.ai|PS||laguna
aion-labs|AionLabs|https://www.aionlabs.ai|AI|aionlabs|aion
black-forest-labs|Black Forest Labs|https://bfl.ai|BF|blackforestlabs bfl|flux
stability|Stability AI|https://stability.ai|ST|stabilityai|stable stablelm stablediffusion stablecode sdxl sd stablebeluga stablediffusionxl
ideogram|Ideogram|https://ideogram.ai|ID|ideogramai|ideogram
recraft|Recraft|https://www.recraft.ai|RC|recraftai|recraft recraftv
runway|Runway|https://runwayml.com|RW|runwayml|runway gen
luma|Luma AI|https://lumalabs.ai|LU|lumalabs lumaai|ray photon luma
elevenlabs|ElevenLabs|https://elevenlabs.io|EL||eleven elevenlabs scribe
deepgram|Deepgram|https://deepgram.com|DG||aura
assemblyai|AssemblyAI|https://www.assemblyai.com|AS||
voyage|Voyage AI|https://www.voyageai.com|VY|voyageai|voyage
jina|Jina AI|https://jina.ai|JI|jinaai|jina
nomic|Nomic AI|https://www.nomic.ai|NM|nomicai|nomic gpt4all
baai|BAAI|https://www.baai.ac.cn|BA||bge
twelvelabs|TwelveLabs|https://www.twelvelabs.io|TL||marengo pegasus twelvelabs
morph|Morph|https://morphllm.com|MO||morph
relace|Relace|https://relace.ai|RL||relace
mancer|Mancer|https://mancer.tech|MC||weaver
tii|Technology Innovation Institute|https://falconllm.tii.ae|TI|tiiuae tiiuae technologyinnovationinstitute|falcon
lmsys|LMSYS|https://lmsys.org|LM|largemodelsystemsorganizationuniversityofcaliforniaucberkeley|vicuna fastchat
huggingface|Hugging Face|https://huggingface.co|HF|huggingfaceh4 huggingfacem4 huggingfacetb|zephyr smollm smolvlm idefics
bigscience|BigScience|https://bigscience.huggingface.co|BS|huggingfacebigscience|bloom bloomz t0pp
bigcode|BigCode|https://www.bigcode-project.org|BC|huggingfaceservicenownvidiabigcode|starcoder starcoder2 santacoder
eleutherai|EleutherAI|https://www.eleuther.ai|EA|eleutherailaion|pythia neox neoxt llemma
cognitivecomputations|Cognitive Computations|https://erichartford.com|CC|dphn|dolphin
openchat|OpenChat|https://openchat.team|OC||openchat
nexusflow|Nexusflow|https://nexusflow.ai|NX||athene starling nexusraven
internlm|Shanghai AI Lab|https://internlm.org|IL|shanghaiailab intern|internlm
opengvlab|OpenGVLab|https://opengvlab.com|OG||internvl
openbmb|OpenBMB|https://www.openbmb.cn|OB||minicpm
baichuan|Baichuan|https://www.baichuan-ai.com|BH|baichuaninc|baichuan
thedrummer|TheDrummer|https://huggingface.co/TheDrummer|TD|thedrummer2|cydonia skyfall rocinante unslopnemo anubis valkyrie magidonia behemoth
sao10k|Sao10K|https://huggingface.co/Sao10K|S1||euryale lunaris hanami stheno fimbulvetr
anthracite-org|Anthracite|https://huggingface.co/anthracite-org|AO|anthracite|magnum
gryphe|Gryphe|https://huggingface.co/Gryphe|GR||mythomax mythalion
undi95|Undi95|https://huggingface.co/Undi95|UN||remm toppy
alpindale|Alpindale|https://huggingface.co/alpindale|AP||goliath
neversleep|NeverSleep|https://huggingface.co/NeverSleep|NS||noromaid lumimaid
swiss-ai|Swiss AI|https://www.swiss-ai.org|SW||apertus
sarvam|Sarvam AI|https://www.sarvam.ai|SA|sarvamai|sarvam
gigachat|Sber|https://giga.chat|SB|sber|gigachat
core42|Core42|https://www.core42.ai|C4|inceptionai|jais
scb10x|SCB 10X|https://opentyphoon.ai|SX||typhoon
tngtech|TNG|https://www.tngtech.com|TN|tng|chimera
thinkingmachines|Thinking Machines Lab|https://thinkingmachines.ai|TM||inkling
servicenow|ServiceNow|https://www.servicenow.com/research|SV|servicenowai|apriel
katanemo|Katanemo|https://www.katanemo.com|KA||arch
salesforce|Salesforce|https://www.salesforceairesearch.com|SL|salesforceresearch|xlam xgen
vidu|Shengshu|https://www.vidu.com|VI|shengshu|vidu
pixverse|PixVerse|https://pixverse.ai|PV||pixverse
lightricks|Lightricks|https://www.lightricks.com|LI||ltx
reve|Reve|https://reve.com|RV||reve
nex-agi|Nex AGI|https://nex-agi.com|NG|nexagi|nex
perceptron|Perceptron|https://www.perceptron.inc|PE||perceptron
skywork|Skywork|https://skywork.ai|SK||skywork
lg|LG AI Research|https://www.lgresearch.ai|LG|lgai lgaiexaone|exaone
rwkv|RWKV|https://www.rwkv.com|RQ||rwkv
huawei|Huawei|https://www.huawei.com|HW|ascendtribe|pangu
mininglamp|Mininglamp|https://www.mininglamp.com|ML||
speakleash|SpeakLeash|https://bielik.ai|SH||bielik
aleph-alpha|Aleph Alpha|https://aleph-alpha.com|AL|alephalpha|luminous
maritaca-ai|Maritaca AI|https://www.maritaca.ai|MR|maritacaai|sabia sabiazinho
together|Together AI|https://www.together.ai|TO|togetherai togethercomputer|redpajama stripedhyena evo
fireworks|Fireworks AI|https://fireworks.ai|FW|fireworksai|firefunction firellava firesearch
groq|Groq|https://groq.com|GQ||compound
vercel|Vercel|https://v0.app|VC|v0|v0
venice|Venice|https://venice.ai|VN||venice
cerebras|Cerebras|https://www.cerebras.ai|CB|cerebrassystems|
llava|LLaVA|https://llava-vl.github.io|LV|liuhaotian|llava bakllava
stanford|Stanford|https://crfm.stanford.edu|SU|stanfordcrfm|alpaca
berkeley|UC Berkeley|https://bair.berkeley.edu|UB|ucberkeley berkeleynest|koala
uw|University of Washington|https://www.washington.edu|UW||guanaco
pika|Pika|https://pika.art|PK|pikaart|pika
genmo|Genmo|https://www.genmo.ai|GN|genmoai|mochi
kandinsky|Kandinsky|https://kandinskylab.ai|KD||kandinsky
leonardo|Leonardo AI|https://leonardo.ai|LE|leonardoai|lucid
pruna|Pruna AI|https://www.pruna.ai|PR||p
madeagents|MadeAgents|https://huggingface.co/MadeAgents|MA||hammer2.1 hammer2 hammer
playground|Playground|https://playground.com|PG|playgroundai|playground
openhands|OpenHands|https://www.all-hands.dev|OH|allhands|openhands
abacusai|Abacus.AI|https://abacus.ai|AB|abacus|dracarys dracarys2
agentica-org|Agentica|https://agentica-project.com|AG|agentica|deepcoder deepswe
featherless-ai|Featherless|https://featherless.ai|FE|featherlessai|qwerky
playai|PlayAI|https://play.ai|PY||playai
exa|Exa|https://exa.ai|EX|exaai|exa
brave|Brave|https://brave.com|BV||brave
asi|ASI|https://asi1.ai|A1||asi1
phind|Phind|https://www.phind.com|PH||phind
diffbot|Diffbot|https://www.diffbot.com|DF||diffbot
teknium|Teknium|https://huggingface.co/teknium|TE||openhermes
bria|Bria|https://bria.ai|BR||bria
"""

_ALNUM = re.compile(r"[^a-z0-9]+")


def squash(text: str) -> str:
    """Letters and digits only, lower case: the form in which spellings are compared.

    >>> squash("Z.ai (Zhipu AI)")
    'zaizhipuai'
    """
    return _ALNUM.sub("", text.lower())


def _read(table: str) -> dict[str, Developer]:
    found = {}
    for line in table.strip().splitlines():
        identifier, name, homepage, monogram, marks, families = line.split("|")
        found[identifier] = Developer(identifier, name, homepage, monogram, tuple(marks.split()), tuple(families.split()))
    return found


DEVELOPERS: Mapping[str, Developer] = _read(_TABLE)

BY_MARK: Mapping[str, str] = {squash(mark): lab.id for lab in DEVELOPERS.values() for mark in (lab.id, lab.name, *lab.marks)}
FAMILIES: Mapping[str, str] = {word: lab.id for lab in DEVELOPERS.values() for word in lab.families}


def developer_of(stated: str) -> str | None:
    """The lab that a source's organisation or vendor spelling means, or None; of several, the first known one.

    >>> developer_of("meta-llama"), developer_of("Google DeepMind,Google"), developer_of("nobody")
    ('meta', 'google', None)
    """
    whole = BY_MARK.get(squash(stated))
    if whole or "," not in stated:
        return whole
    return next((lab for part in stated.split(",") if (lab := BY_MARK.get(squash(part)))), None)


def tidy_title(identifier: str) -> str:
    """A readable title of an id that no table has.

    >>> tidy_title("some-new-lab")
    'Some New Lab'
    """
    return " ".join(word[:1].upper() + word[1:] for word in re.split(r"[-_\s]+", identifier) if word)


def developer_name(identifier: str) -> str:
    """The lab's display name; an unknown id gives its tidy title."""
    lab = DEVELOPERS.get(identifier)
    return lab.name if lab else tidy_title(identifier)
