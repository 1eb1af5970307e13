"""One question of every kind, for the gallery of components."""

from typing import ClassVar

from django import forms


class SampleForm(forms.Form):
    """Every kind of field that Django renders, in the portal's own form templates."""

    ANIMALS: ClassVar = [("dog", "犬"), ("cat", "猫"), ("other", "そのほかの動物")]

    name = forms.CharField(
        label="お名前",
        help_text="戸籍や住民票のとおりの文字で入力できます。",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "お名前を入力してください"},
    )
    postal_code = forms.RegexField(
        r"^\d{3}-?\d{4}$",
        label="郵便番号",
        help_text="例：780-8570。ハイフンはなくてもかまいません。",
        widget=forms.TextInput(
            attrs={"autocomplete": "postal-code", "inputmode": "numeric"}
        ),
        error_messages={
            "required": "郵便番号を入力してください",
            "invalid": "郵便番号は7けたの数字で入力してください",
        },
    )
    phone = forms.CharField(
        label="電話番号",
        required=False,
        help_text="日中に連絡がとれる番号",
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    animal = forms.ChoiceField(
        label="飼っている動物",
        choices=ANIMALS,
        widget=forms.RadioSelect,
        error_messages={"required": "飼っている動物をひとつ選んでください"},
    )
    days = forms.MultipleChoiceField(
        label="ご都合のよい曜日",
        choices=[("mon", "月曜日"), ("wed", "水曜日"), ("fri", "金曜日")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="いくつでも選べます。",
    )
    office = forms.ChoiceField(
        label="受け取る窓口",
        choices=[("", "選んでください"), ("a", "本庁舎"), ("b", "支所")],
        error_messages={"required": "受け取る窓口を選んでください"},
    )
    note = forms.CharField(
        label="ご要望", required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    document = forms.FileField(
        label="添付する書類", required=False, help_text="PDF・写真。10MBまで。"
    )
    consent = forms.BooleanField(
        label="入力した内容が正しいことを確認しました",
        error_messages={"required": "内容を確認して、チェックを入れてください"},
    )
