"""Sorting a name's words into the model's own and those that do not change the weights."""

from dataclasses import dataclass, field

from aimstats.identity import vocabulary as v
from aimstats.identity.tokens import Token


@dataclass(slots=True)
class Scanner:
    """One pass over the words of a name.

    `family` decides what max, turbo or thinking mean; `dated` says that the name carries a release date;
    `search_board` that the board added search to every model. After `run`, `kept` holds the model's own words.
    """

    tokens: list[Token]
    family: str
    dated: bool = False
    search_board: bool = False
    kept: list[str] = field(default_factory=list)
    found: set[str] = field(default_factory=set)
    region: str = ""
    plan: str = ""
    sized: bool = False
    index: int = 0

    def run(self) -> "Scanner":
        """Sort every word."""
        self.sized = any(v.is_size(token.text) for token in self.tokens)
        while self.index < len(self.tokens):
            token = self.tokens[self.index]
            self.index += 1
            quiet = v.is_quiet(token.text) and not token.bracketed and token.separator != ":"
            if quiet or not (self._plain_variant(token) or self._mode(token) or self._remark(token)):
                self.kept.append(token.text)
        return self

    def _next(self) -> str:
        return self.tokens[self.index].text if self.index < len(self.tokens) else ""

    def _add(self, word: str) -> bool:
        self.found.add(word)
        if word in v.PLANS:
            self.plan = self.plan or word
        return True

    def _plain_variant(self, token: Token) -> bool:
        """Words and pairs that are variants in every family."""
        word, following = token.text, self._next()
        if word in v.QUANTISATIONS or (word in v.ALWAYS and self.kept):
            return self._add(word)
        if (word, following) == ("extended", "thinking"):
            return True
        if word in v.TERMS and self.kept and (token.bracketed or token.separator == ":" or self.family in v.LANGUAGE):
            return self._add(word)
        if word in v.ALIASES:
            return self._add(v.ALIASES[word])
        pair = v.PAIRS.get((word, following))
        if pair is not None and self.kept:
            self.index += 1
            return self._add(pair) if pair else True
        if word == "deep" and following == "think":
            self.index += 1
            self.kept += ["deep", "think"]
            return True
        if word == "dspy":
            self._add("-".join(["dspy", *(rest.text for rest in self.tokens[self.index :])]))
            self.index = len(self.tokens)
            return True
        if word == "highthinking":
            self.found |= {"high", "thinking"}
            return True
        return word[-1] == "p" and v.PIXELS.fullmatch(word) is not None and self._add(word)

    def _mode(self, token: Token) -> bool:
        """Effort, thinking, speed, context: what they mean depends on the family."""
        word = token.text
        if word in ("thinking", "think"):
            return self._thinking(token)
        if word[-1] == "k" and v.BUDGET.fullmatch(word):
            return self._context(token)
        if token.bracketed and v.MILLIONS.fullmatch(word) and self.family in v.LANGUAGE:
            return self._add(word)
        if word in v.EFFORTS:
            return self._effort(token)
        if word in ("turbo", "fast", "lightning", "basic", "dynamic"):
            return bool(self.kept) and self._is_speed(word) and self._add(word)
        if word in ("reasoning", "instant"):
            return self._answering(token)
        if word == "search":
            added = self.search_board or token.bracketed or self.family in ("claude", "gemini", "grok")
            return added and self._add(word)
        return word == "audio" and self.family == "veo" and self._add(word)

    def _remark(self, token: Token) -> bool:
        """Hosts' remarks, regions and terms in brackets, tags after a colon."""
        word = token.text
        if word in ("web", "webapp") and self.kept and (token.bracketed or not self._next()):
            return self._add("web")
        if (word in v.NOISE and self.kept) or (word in v.LENGTHS and (self.sized or len(self.kept) > 1)):
            return True
        if token.separator == ":" and word.isalpha() and self.kept and word not in v.TAGS:
            return self._add(word)
        if not token.bracketed:
            return False
        if word in v.BRACKETED:
            return self._add(word)
        if word in v.REGIONS:
            self.region = word
            return True
        return not (self.family == "flux" or word in v.BRACKET_KEPT or v.is_size(word) or v.is_active_size(word))

    def _thinking(self, token: Token) -> bool:
        if not (token.bracketed or token.separator == ":") and self._is_thinking_edition():
            return False
        following = self.tokens[self.index] if self.index < len(self.tokens) else None
        if following and (v.BUDGET.fullmatch(following.text) or (following.text.isdigit() and following.separator == ":")):
            self.index += 1
            return self._add(f"thinking-{_thousands(following.text)}")
        if following and following.text == "auto":
            self.index += 1
        return self._add("thinking")

    def _is_thinking_edition(self) -> bool:
        """Kimi K2, Qwen3 VL / Next / 2507 / Max, Gemini 2.0 and most open weights sell -thinking as a model of its own."""
        if self.family == "qwen":
            return self.dated or len(self.kept) < 2 or bool(v.QWEN_THINKING & set(self.kept))
        if self.family == "kimi":
            return not any(word[0] == "k" and word[1:2].isdigit() and word != "k2" for word in self.kept)
        if self.family == "gemini":
            return "2.0" in self.kept
        if self.family == "glm":
            return any(word.startswith("4.1v") for word in self.kept)
        return self.family not in v.HYBRIDS

    def _context(self, token: Token) -> bool:
        """`16k thinking`, Epoch's `_16K` and bracketed numbers of thinking models are budgets, the rest context editions."""
        budget = self._next() in ("thinking", "think")
        self.index += budget
        if budget or "thinking" in self.found:
            self.found.discard("thinking")
            return self._add(f"thinking-{token.text}")
        if (token.separator == "_" or token.bracketed) and self.family in ("claude", "gemini", "qwen"):
            return self._add(f"thinking-{token.text}")
        return self._add(token.text)

    def _effort(self, token: Token) -> bool:
        word, following = token.text, self._next()
        said = following in ("reasoning", "thinking", "effort")
        last = not following or said or self.tokens[self.index].bracketed
        if not self.kept:
            return False
        is_edition = word == "max" and self.family not in v.MAX_EFFORT_FAMILIES
        if not (token.bracketed or token.separator == "_" or (said and not is_edition) or word in ("xhigh", "minimal")):
            families = v.MAX_EFFORT_FAMILIES if word == "max" else v.EFFORT_FAMILIES
            if not last or (word in ("max", "medium", "none") and self.family not in families):
                return False
        while self._next() in ("reasoning", "effort"):
            self.index += 1
        return self._add(word)

    def _is_speed(self, word: str) -> bool:
        """Whether the word is a speed edition of the same weights rather than part of the model's own name."""
        if word in ("basic", "dynamic"):
            return self.family in ("llama", "deepseek") and len(self.kept) > 1
        if word == "lightning":
            return self.family == "minimax"
        if word == "turbo":
            return self.family in v.TURBO_FAMILIES or (self.sized and self.family not in v.UNSIZED_SPEED)
        if self.family == "grok":
            return "3" in self.kept
        return self.family in v.FAST_FAMILIES or self.sized

    def _answering(self, token: Token) -> bool:
        """`reasoning` is a mode of Grok, `instant` GPT's chat model and a mode of Kimi; elsewhere they are names."""
        word = token.text
        if word == "instant" and self.family == "gpt":
            self.kept.append("chat")
            return True
        if word == "reasoning" and self.family == "llama":
            return True
        families = ("grok",) if word == "reasoning" else ("kimi", "llama", "glm")
        return (token.bracketed or self.family in families) and self._add(word)


def _thousands(word: str) -> str:
    """8192, 32000 and 16k as thousands: 8k, 32k, 16k."""
    if not word.isdigit():
        return word
    number = int(word)
    return f"{number // 1000 if number % 1000 == 0 else number // 1024}k"
