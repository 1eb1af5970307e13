"""Measure any corpus, with the code that answers residents."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from faq.queries.evaluating import folds_of

KEYS = {"ndcg_10", "mrr", "p_1", "hit_5", "recall_5", "auroc_far", "p50_ms", "p95_ms"}
KEYS |= {"index_s", "rss_mb"}
CORPUS = [
    ("w", "水道の使用をやめるにはどうしますか", "上下水道課へ届け出てください。"),
    ("d", "犬の登録はどこでできますか", "住民課の窓口で登録します。"),
    ("r", "通信販売で買った品物を返品できますか", "特約を確かめてください。"),
]
QUERIES = [("1", "水道をやめたい"), ("2", "犬の登録"), ("3", "返品したい")]
QRELS = [("1", "w"), ("2", "d"), ("3", "r")]


@pytest.fixture
def files(tmp_path):
    def write(name, rows):
        path = tmp_path / name
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        path.write_text("\n".join(lines), encoding="utf-8")
        return str(path)

    return {
        "corpus": write(
            "c",
            [
                dict(zip(("id", "question", "answer"), row, strict=True))
                for row in CORPUS
            ],
        ),
        "queries": write("q", [{"id": i, "text": text} for i, text in QUERIES]),
        "qrels": write("r", [{"query_id": q, "doc_id": d} for q, d in QRELS]),
        "out_of_scope": write("o", [{"id": "x", "text": "カレーの作り方"}]),
    }


def run(*arguments, **options):
    out = StringIO()
    files = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    call_command("evaluate_faq", *arguments, *files, stdout=out)
    return out.getvalue()


def test_one_json_line_has_every_figure(files):
    figures = json.loads(run("--json", **files))

    assert figures.keys() >= KEYS
    assert (figures["ndcg_10"], figures["p_1"], figures["mrr"]) == (1, 1, 1)
    assert figures["auroc_far"] > 0.5  # three entries have little in common


def test_without_json_a_table_is_printed(files):
    assert "ndcg_10            1" in run(**files)


@pytest.mark.parametrize("folds", ["random", "grouped"])
def test_questions_of_other_folds_are_known_wordings(files, folds):
    figures = json.loads(run("--json", alternatives_folds=folds, **files))

    assert figures["hit_5"] == 1


def test_no_question_is_asked_with_itself_as_a_known_wording():
    grades = {str(n): {f"entry{n % 4}": 1.0} for n in range(12)}
    queries = list(grades)

    for grouped in (False, True):
        folds = folds_of(queries, grades, grouped=grouped)
        assert sorted(query for fold in folds for query in fold) == sorted(queries)
    entries_of = [{next(iter(grades[q])) for q in fold} for fold in folds]
    assert sum(map(len, entries_of)) == 4  # grouped: an entry lies in one fold


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "1行目はJSONではありません"),
        ('{"id": 1}', "1行目に id, question, answer が要ります"),
        ("[1]", "1行目に"),
        ("", "1件以上"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_line(
    files, tmp_path, content, says
):
    bad = tmp_path / "bad"
    bad.write_text(content)

    with pytest.raises(CommandError, match=says):
        run(**files | {"corpus": str(bad)})


def test_a_missing_file_is_named(files):
    with pytest.raises(CommandError, match="nowhere を読めません"):
        run(**files | {"corpus": "nowhere"})


def test_the_sample_is_measured_without_a_database_by_language_and_desk():
    out = StringIO()
    call_command("evaluate_sample", stdout=out, stderr=StringIO())
    head, _, *lines = out.getvalue().splitlines()
    rows = {
        cells[0]: cells
        for cells in ([c.strip() for c in line.strip("|").split("|")] for line in lines)
    }

    assert head.startswith("| questions of | questions | nDCG@10 | P@1 | hit@5 |")
    assert {
        "**resident**",
        "**staff**",
        "ja",
        "ja-easy",
        "ja-Hira",
        "en",
    } <= rows.keys()
    assert {"consumer", "labour", "accounting", "helpdesk"} <= rows.keys()
    assert int(rows["**resident**"][1]) == 270 + 46
    assert 0.5 < float(rows["consumer"][2]) < 1  # by letters, without a model
    assert rows["no desk"][2] == "—"
