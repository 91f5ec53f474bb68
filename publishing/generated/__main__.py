"""`make docs`: writes what is out of date among the generated parts of docs/, and says which pages those were."""

from publishing.generated import DOCS, documents

for path, text in documents():
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")
        print(f"wrote docs/{path.relative_to(DOCS).as_posix()}")  # noqa: T201
