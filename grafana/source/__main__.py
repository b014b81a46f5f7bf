"""`python -m grafana.source`: write all that is made."""

from grafana.source.writing import FOLDER, made

if __name__ == "__main__":
    for path, text in made().items():
        (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / path).write_text(text)
        print(path)
