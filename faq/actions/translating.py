"""Let a machine fill the empty languages of a draft; people read it before anybody."""

from accounts.models import User
from faq.actions.authoring.drafts import check_writes, write_draft
from faq.backends.posting import NoAnswer
from faq.backends.translators import translator
from faq.errors import NothingToTranslate, RevisionNotInThisState, TranslationFailed
from faq.models import Language, Revision, State

FIELDS = {
    Language.ENGLISH: {"question": "question_en", "answer": "answer_en"},
    Language.EASY: {"question": "question_easy", "answer": "answer_easy"},
}


def translate_revision(revision: Revision, language: str, *, by: User) -> Revision:
    """Fill what is empty in `language`, marked 参考訳; what somebody wrote stays.

    Raises:
        RoleMissing: `by` writes nothing for the body.
        RevisionNotInThisState: it is no draft.
        NothingToTranslate: no field is empty, or there is nothing to begin with.
        TranslationFailed: no translator is set up, or it gives no answer.
    """
    check_writes(by, revision.organization_id)
    if revision.state not in {State.DRAFT, State.DECLINED}:
        raise RevisionNotInThisState
    fields = {
        target: getattr(revision, origin)
        for origin, target in FIELDS[Language(language)].items()
        if getattr(revision, origin) and not getattr(revision, target)
    }
    if not fields:
        raise NothingToTranslate
    chosen = translator()
    if chosen is None:
        raise TranslationFailed
    try:
        texts = chosen.translate(list(fields.values()), language)
    except NoAnswer as error:
        raise TranslationFailed from error
    marked = sorted({*revision.machine_translated, language})
    return write_draft(
        {**dict(zip(fields, texts, strict=True)), "machine_translated": marked},
        by=by,
        entry=revision.entry,
        over=revision.written_at,
    )
