"""scikit-learn on the messages of the second file, having learned those of the first.

Hashed words, pairs of words and runs of three to five letters, and a linear model
of each need, which does better than one of each area.
"""

import json
import sys
import time

from sklearn.feature_extraction.text import HashingVectorizer
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
pipeline.fit([example["text"] for example in EXAMPLES], [topic(example) for example in EXAMPLES])

texts = [message["text"] for message in MESSAGES]
answers = [AREAS[one] for one in pipeline.predict(texts)]
right = [answer in (message["expect_area"], *message["also_ok"]) for answer, message in zip(answers, MESSAGES)]
sent = [ok for ok, answer in zip(right, answers) if answer != "none"]
acceptable, wrong = 100 * sum(right) / len(right), 100 * sent.count(False) / len(sent)


def report(name, ask, questions, size):
    begin = time.process_time()
    asks = 0
    while time.process_time() - begin < 2:
        ask(questions[asks % len(questions)])
        asks += 1
    each = (time.process_time() - begin) / asks / size * 1e6
    print(f"{name:44} {each:12.1f}  {acceptable:9.1f}%  {wrong:9.1f}%")


report("scikit-learn, one message at a time", pipeline.predict, [[text] for text in texts], 1)
many = (texts * (1 + 4096 // len(texts)))[:4096]
report("scikit-learn, 4,096 at a time", pipeline.predict, [many], len(many))
