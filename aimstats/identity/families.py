"""The words that begin the names of labs' models: gemini, qwen, nova."""

from collections.abc import Mapping

# Words that begin the names of a lab's models; a further line is indented.
_FAMILY_TABLE = """
openai: gpt chatgpt o1 o3 o4 dalle whisper sora codex davinci babbage curie ada
anthropic: claude opus sonnet haiku
google: gemini gemma codegemma paligemma medgemma shieldgemma palm bison gecko unicorn lyria veo imagen learnlm medlm chirp
  imagegeneration textembedding t5 flan ul2 glam multimodalembedding nanobanana recurrentgemma txgemma embeddinggemma gemsura
meta: llama codellama opt muse galactica llamaguard
mistral: mistral mixtral codestral devstral magistral ministral pixtral voxtral mathstral leanstral
alibaba: qwen qwq qvq wan tongyi codeqwen qwenlong qwencoder qwen3guard gte zimage happyhorse
deepseek: deepseek
xai: grok aurora
moonshot: kimi moonshot moonlight
z-ai: glm chatglm cogview cogvideox cogvlm autoglm codegeex charglm
minimax: minimax hailuo abab
microsoft: phi mai wizardlm orca fara
nvidia: nemotron nvila nemoretriever parakeet cosmos nv openreasoning canary
amazon: nova titan chronos
cohere: command cohere embed rerank aya north c4ai
xiaomi: mimo
baidu: ernie paddleocr
ai21: jamba j1 j2 jurassic
ibm: granite slate
bytedance: doubao seed seedream seedance seededit dola bagel omnihuman skylark dreamina uitars seedoss
tencent: hunyuan hy hy3
stepfun: step step1x gelab
perplexity: sonar pplx r1-1776
nous: hermes deephermes nous
allenai: olmo olmoe molmo tulu olmocr
reka: reka
inception: mercury
inflection: inflection
liquid: lfm
upstage: solar
writer: palmyra
databricks: dbrx mpt dolly
snowflake: arctic
01-ai: yi
arcee: trinity virtuoso maestro spotlight caller supernova afm arcee
deepcogito: cogito
inclusionai: ling ring
kwaipilot: kat
kuaishou: kling kolors
meituan: longcat
prime-intellect: intellect
essentialai: rnj
poolside: laguna
aion-labs: aion
black-forest-labs: flux
stability: stable stablelm stablediffusion stablecode sdxl sd stablebeluga stablediffusionxl
ideogram: ideogram
recraft: recraft recraftv
runway: runway gen
luma: ray photon luma
elevenlabs: eleven elevenlabs scribe
deepgram: aura
voyage: voyage
jina: jina
nomic: nomic gpt4all
baai: bge
twelvelabs: marengo pegasus twelvelabs
morph: morph
relace: relace
mancer: weaver
tii: falcon
lmsys: vicuna fastchat
huggingface: zephyr smollm smolvlm idefics
bigscience: bloom bloomz t0pp
bigcode: starcoder starcoder2 santacoder
eleutherai: pythia neox neoxt llemma
cognitivecomputations: dolphin
openchat: openchat
nexusflow: athene starling nexusraven
internlm: internlm
opengvlab: internvl
openbmb: minicpm
baichuan: baichuan
thedrummer: cydonia skyfall rocinante unslopnemo anubis valkyrie magidonia behemoth
sao10k: euryale lunaris hanami stheno fimbulvetr
anthracite-org: magnum
gryphe: mythomax mythalion
undi95: remm toppy
alpindale: goliath
neversleep: noromaid lumimaid
swiss-ai: apertus
sarvam: sarvam
gigachat: gigachat
core42: jais
scb10x: typhoon
tngtech: chimera
thinkingmachines: inkling
servicenow: apriel
katanemo: arch
salesforce: xlam xgen
vidu: vidu
pixverse: pixverse
lightricks: ltx
reve: reve
nex-agi: nex
perceptron: perceptron
skywork: skywork
lg: exaone
rwkv: rwkv
huawei: pangu
speakleash: bielik
aleph-alpha: luminous
maritaca-ai: sabia sabiazinho
together: redpajama stripedhyena evo
fireworks: firefunction firellava firesearch
groq: compound
vercel: v0
venice: venice
llava: llava bakllava
stanford: alpaca
berkeley: koala
uw: guanaco
pika: pika
genmo: mochi
kandinsky: kandinsky
leonardo: lucid
pruna: p
madeagents: hammer2.1 hammer2 hammer
playground: playground
openhands: openhands
abacusai: dracarys dracarys2
agentica-org: deepcoder deepswe
featherless-ai: qwerky
playai: playai
exa: exa
brave: brave
asi: asi1
phind: phind
diffbot: diffbot
eva-unit-01: eva
raifle: sorcererlm
sophosympatheia: midnight
shisa-ai: shisa
nothingiisreal: celeste
infermatic: inferor
aetherwiing: starcannon
arliai: arliai rpmax
segmind: ssd
teknium: openhermes
bria: bria
"""


def _read(table: str) -> dict[str, tuple[str, ...]]:
    lines = table.strip().replace("\n  ", " ").splitlines()
    return {lab: tuple(words.split()) for lab, _, words in (line.partition(":") for line in lines)}


FAMILIES_OF: Mapping[str, tuple[str, ...]] = _read(_FAMILY_TABLE)
FAMILIES: Mapping[str, str] = {word: lab for lab, words in FAMILIES_OF.items() for word in words}
