"""scikit-learn on the messages of the second file, having learned those of the first.

Hashed words, pairs of words and runs of three to five letters, and a linear model
of each need, which does better than one of each area.
"""

import json
import sys
import time

from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.model_selection import PredefinedSplit, cross_val_predict
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

EXAMPLES, MESSAGES = ([json.loads(line) for line in open(name, encoding="utf-8")] for name in sys.argv[1:])


def topic(example):
    return example["id"].rpartition("-")[0]


AREAS = {topic(example): example["expect_area"] for example in EXAMPLES}
hashed = {"strip_accents": "unicode", "n_features": 2**18, "alternate_sign": False}
pipeline = make_pipeline(
    make_union(
        HashingVectorizer(ngram_range=(1, 2), **hashed),
        HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), **hashed),
    ),
    LinearSVC(),
)


def texts_of(messages):
    return [message["text"] for message in messages]


def judged(messages, topics):
    """In percent: right or acceptable, and wrong doors of those sent somewhere."""
    answers = [AREAS[one] for one in topics]
    right = [answer in (one["expect_area"], *one["also_ok"]) for answer, one in zip(answers, messages)]
    sent = [ok for ok, answer in zip(right, answers) if answer != "none"]
    return f"{100 * sum(right) / len(right):9.1f}%  {100 * sent.count(False) / len(sent):9.1f}%"


texts, topics = texts_of(EXAMPLES), [topic(example) for example in EXAMPLES]
parts = PredefinedSplit([number % 5 for number in range(len(texts))])
held_out = judged(EXAMPLES, cross_val_predict(pipeline, texts, topics, cv=parts))
print(f"{'scikit-learn, examples held out in fifths':44} {'':12}  {held_out}", flush=True)

pipeline.fit(texts, topics)
texts = texts_of(MESSAGES)
quality = judged(MESSAGES, pipeline.predict(texts))


def report(name, ask, questions, size):
    begin = time.process_time()
    asks = 0
    while time.process_time() - begin < 2:
        ask(questions[asks % len(questions)])
        asks += 1
    each = (time.process_time() - begin) / asks / size * 1e6
    print(f"{name:44} {each:12.1f}  {quality}")


report("scikit-learn, one message at a time", pipeline.predict, [[text] for text in texts], 1)
many = (texts * (1 + 4096 // len(texts)))[:4096]
report("scikit-learn, 4,096 at a time", pipeline.predict, [many], len(many))
