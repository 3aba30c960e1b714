"""The labs that train models: ids, names, homepages, how others spell them, and the family words of their models."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from aimstats.identity.families import FAMILIES_OF


@dataclass(frozen=True, slots=True)
class Developer:
    """A lab. `marks` are other spellings (organisations, vendors); `families` are words that begin its models' names."""

    id: str
    name: str
    homepage: str
    monogram: str
    marks: tuple[str, ...] = ()
    families: tuple[str, ...] = ()


# id | name | homepage | monogram | other spellings
_TABLE = """
openai|OpenAI|https://openai.com|OA|oai
anthropic|Anthropic|https://www.anthropic.com|AN|anthopic
google|Google|https://deepmind.google|GO|googledeepmind deepmind googleresearch googleai googleaistudio gemini palm
meta|Meta|https://ai.meta.com|ME|metallama metaai facebook facebookresearch meta-llama
mistral|Mistral AI|https://mistral.ai|MI|mistralai
alibaba|Alibaba|https://qwen.ai|AB|qwen alibabacloud aliaba tongyi alibabanlp tongyizhiwen wanai wanvideo damo qwenlm tongyimai
deepseek|DeepSeek|https://www.deepseek.com|DS|deepseekai
xai|xAI|https://x.ai|XA|x-ai
moonshot|Moonshot AI|https://www.moonshot.ai|MK|moonshotai kimi kimiforcoding
z-ai|Z.ai|https://z.ai|ZA|zai zaiorg zhipu zhipuai thudm zaizhipuai zaizhipuaitsinghuauniversity tsinghua
minimax|MiniMax|https://www.minimax.io|MM|minimaxai
microsoft|Microsoft|https://www.microsoft.com/ai|MS|microsoftai microsoftresearch
nvidia|NVIDIA|https://www.nvidia.com/ai|NV|
amazon|Amazon|https://aws.amazon.com/ai|AM|amazonnova aws awspolly
cohere|Cohere|https://cohere.com|CO|cohereforai coherelabs coherecohereforai
xiaomi|Xiaomi|https://mimo.xiaomi.com|XI|xiaomimimo
baidu|Baidu|https://yiyan.baidu.com|BD|paddlepaddle
ai21|AI21 Labs|https://www.ai21.com|A2|ai21labs
ibm|IBM|https://www.ibm.com/granite|IB|ibmgranite
bytedance|ByteDance|https://seed.bytedance.com|BY|bytedanceseed bytedanceresearch volcengine
tencent|Tencent|https://hunyuan.tencent.com|TC|tencentarc
stepfun|StepFun|https://www.stepfun.com|SF|stepfunai
perplexity|Perplexity|https://www.perplexity.ai|PX|perplexityai ppl
nous|Nous Research|https://nousresearch.com|NR|nousresearch
allenai|Ai2|https://allenai.org|A2|ai2 allenaiuw alleninstituteforai
reka|Reka AI|https://reka.ai|RK|rekaai
inception|Inception|https://www.inceptionlabs.ai|IN|inceptionlabs
inflection|Inflection AI|https://inflection.ai|IF|inflectionai
liquid|Liquid AI|https://www.liquid.ai|LQ|liquidai
upstage|Upstage|https://www.upstage.ai|UP|upstageai
writer|Writer|https://writer.com|WR|
databricks|Databricks|https://www.databricks.com|DB|mosaicml
snowflake|Snowflake|https://www.snowflake.com|SN|
01-ai|01.AI|https://www.01.ai|01|01ai zerooneai
arcee|Arcee AI|https://www.arcee.ai|AR|arceeai
deepcogito|Deep Cogito|https://www.deepcogito.com|DC|cogito
inclusionai|inclusionAI|https://www.inclusion-ai.org|IA|bailing antgroup antling
kwaipilot|Kwaipilot|https://kwaipilot.ai|KP|kwaikat
kuaishou|Kuaishou|https://klingai.com|KU|klingai kling
meituan|Meituan|https://longcat.chat|MT|meituanlongcat
prime-intellect|Prime Intellect|https://www.primeintellect.ai|PI|primeintellect
essentialai|Essential AI|https://www.essential.ai|ES|essential
poolside|Poolside|https://poolside.ai|PS|
aion-labs|AionLabs|https://www.aionlabs.ai|AI|aionlabs
black-forest-labs|Black Forest Labs|https://bfl.ai|BF|blackforestlabs bfl
stability|Stability AI|https://stability.ai|ST|stabilityai
ideogram|Ideogram|https://ideogram.ai|ID|ideogramai
recraft|Recraft|https://www.recraft.ai|RC|recraftai
runway|Runway|https://runwayml.com|RW|runwayml
luma|Luma AI|https://lumalabs.ai|LU|lumalabs lumaai
elevenlabs|ElevenLabs|https://elevenlabs.io|EL|
deepgram|Deepgram|https://deepgram.com|DG|
assemblyai|AssemblyAI|https://www.assemblyai.com|AS|
voyage|Voyage AI|https://www.voyageai.com|VY|voyageai
jina|Jina AI|https://jina.ai|JI|jinaai
nomic|Nomic AI|https://www.nomic.ai|NM|nomicai
baai|BAAI|https://www.baai.ac.cn|BA|
twelvelabs|TwelveLabs|https://www.twelvelabs.io|TL|
morph|Morph|https://morphllm.com|MO|
relace|Relace|https://relace.ai|RL|
mancer|Mancer|https://mancer.tech|MC|
tii|Technology Innovation Institute|https://falconllm.tii.ae|TI|tiiuae tiiuae technologyinnovationinstitute
lmsys|LMSYS|https://lmsys.org|LM|largemodelsystemsorganizationuniversityofcaliforniaucberkeley
huggingface|Hugging Face|https://huggingface.co|HF|huggingfaceh4 huggingfacem4 huggingfacetb
bigscience|BigScience|https://bigscience.huggingface.co|BS|huggingfacebigscience
bigcode|BigCode|https://www.bigcode-project.org|BC|huggingfaceservicenownvidiabigcode
eleutherai|EleutherAI|https://www.eleuther.ai|EA|eleutherailaion
cognitivecomputations|Cognitive Computations|https://erichartford.com|CC|dphn
openchat|OpenChat|https://openchat.team|OC|
nexusflow|Nexusflow|https://nexusflow.ai|NX|
internlm|Shanghai AI Lab|https://internlm.org|IL|shanghaiailab intern
opengvlab|OpenGVLab|https://opengvlab.com|OG|
openbmb|OpenBMB|https://www.openbmb.cn|OB|
baichuan|Baichuan|https://www.baichuan-ai.com|BH|baichuaninc
thedrummer|TheDrummer|https://huggingface.co/TheDrummer|TD|thedrummer2
sao10k|Sao10K|https://huggingface.co/Sao10K|S1|
anthracite-org|Anthracite|https://huggingface.co/anthracite-org|AO|anthracite
gryphe|Gryphe|https://huggingface.co/Gryphe|GR|
undi95|Undi95|https://huggingface.co/Undi95|UN|
alpindale|Alpindale|https://huggingface.co/alpindale|AP|
neversleep|NeverSleep|https://huggingface.co/NeverSleep|NS|
swiss-ai|Swiss AI|https://www.swiss-ai.org|SW|
sarvam|Sarvam AI|https://www.sarvam.ai|SA|sarvamai
gigachat|Sber|https://giga.chat|SB|sber
core42|Core42|https://www.core42.ai|C4|inceptionai
scb10x|SCB 10X|https://opentyphoon.ai|SX|
tngtech|TNG|https://www.tngtech.com|TN|tng
thinkingmachines|Thinking Machines Lab|https://thinkingmachines.ai|TM|
servicenow|ServiceNow|https://www.servicenow.com/research|SV|servicenowai
katanemo|Katanemo|https://www.katanemo.com|KA|
salesforce|Salesforce|https://www.salesforceairesearch.com|SL|salesforceresearch
vidu|Shengshu|https://www.vidu.com|VI|shengshu
pixverse|PixVerse|https://pixverse.ai|PV|
lightricks|Lightricks|https://www.lightricks.com|LI|
reve|Reve|https://reve.com|RV|
nex-agi|Nex AGI|https://nex-agi.com|NG|nexagi
perceptron|Perceptron|https://www.perceptron.inc|PE|
skywork|Skywork|https://skywork.ai|SK|
lg|LG AI Research|https://www.lgresearch.ai|LG|lgai lgaiexaone
rwkv|RWKV|https://www.rwkv.com|RQ|
huawei|Huawei|https://www.huawei.com|HW|ascendtribe
mininglamp|Mininglamp|https://www.mininglamp.com|ML|
speakleash|SpeakLeash|https://bielik.ai|SH|
aleph-alpha|Aleph Alpha|https://aleph-alpha.com|AL|alephalpha
maritaca-ai|Maritaca AI|https://www.maritaca.ai|MR|maritacaai
together|Together AI|https://www.together.ai|TO|togetherai togethercomputer
fireworks|Fireworks AI|https://fireworks.ai|FW|fireworksai
groq|Groq|https://groq.com|GQ|
vercel|Vercel|https://v0.app|VC|v0
venice|Venice|https://venice.ai|VN|
cerebras|Cerebras|https://www.cerebras.ai|CB|cerebrassystems
llava|LLaVA|https://llava-vl.github.io|LV|liuhaotian
stanford|Stanford|https://crfm.stanford.edu|SU|stanfordcrfm
berkeley|UC Berkeley|https://bair.berkeley.edu|UB|ucberkeley berkeleynest
uw|University of Washington|https://www.washington.edu|UW|
pika|Pika|https://pika.art|PK|pikaart
genmo|Genmo|https://www.genmo.ai|GN|genmoai
kandinsky|Kandinsky|https://kandinskylab.ai|KD|
leonardo|Leonardo AI|https://leonardo.ai|LE|leonardoai
pruna|Pruna AI|https://www.pruna.ai|PR|
madeagents|MadeAgents|https://huggingface.co/MadeAgents|MA|
playground|Playground|https://playground.com|PG|playgroundai
openhands|OpenHands|https://www.all-hands.dev|OH|allhands
abacusai|Abacus.AI|https://abacus.ai|AB|abacus
agentica-org|Agentica|https://agentica-project.com|AG|agentica
featherless-ai|Featherless|https://featherless.ai|FE|featherlessai
playai|PlayAI|https://play.ai|PY|
exa|Exa|https://exa.ai|EX|exaai
brave|Brave|https://brave.com|BV|
asi|ASI|https://asi1.ai|A1|
phind|Phind|https://www.phind.com|PH|
diffbot|Diffbot|https://www.diffbot.com|DF|
eva-unit-01|EVA|https://huggingface.co/EVA-UNIT-01|EV|
raifle|Raifle|https://huggingface.co/rAIfle|RF|
sophosympatheia|Sophosympatheia|https://huggingface.co/sophosympatheia|SP|
shisa-ai|Shisa AI|https://shisa.ai|SS|shisaai
nothingiisreal|NothingIIsReal|https://huggingface.co/nothingiisreal|NT|
infermatic|Infermatic|https://infermatic.ai|IM|infermaticai
aetherwiing|Aetherwiing|https://huggingface.co/aetherwiing|AW|
arliai|ArliAI|https://www.arliai.com|AA|
segmind|Segmind|https://www.segmind.com|SM|
teknium|Teknium|https://huggingface.co/teknium|TE|
bria|Bria|https://bria.ai|BR|
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
        identifier, name, homepage, monogram, marks = line.split("|")
        found[identifier] = Developer(identifier, name, homepage, monogram, tuple(marks.split()), FAMILIES_OF.get(identifier, ()))
    return found


DEVELOPERS: Mapping[str, Developer] = _read(_TABLE)

BY_MARK: Mapping[str, str] = {squash(mark): lab.id for lab in DEVELOPERS.values() for mark in (lab.id, lab.name, *lab.marks)}


@lru_cache(maxsize=1024)
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
