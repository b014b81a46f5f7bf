# syntax=docker/dockerfile:1.7
# Two images of one build: `api` (the API, the command line, cpu and llm slots) and `gpu` (torch and OCR besides).
# docker build --target api -t docmill . ; docker build --target gpu -t docmill-gpu .

FROM python:3.11.15-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/docmill
ENV PATH=/opt/docmill/bin:$PATH
WORKDIR /source
COPY pyproject.toml README.md ./
COPY orchestrator orchestrator
COPY worker worker
COPY api api
COPY lua lua
RUN pip install '.[postgres,parquet,s3,otel,preclassify]'

FROM build AS build-gpu
# The index of torch's wheels for the card's driver, where it is not PyPI's own.
ARG TORCH_INDEX=https://pypi.org/simple
# For the card: onnxruntime-gpu==… or paddlepaddle-gpu==…, as docs/reading.md has it.
ARG OCR_RUNTIME=""
RUN pip install --extra-index-url "$TORCH_INDEX" '.[postgres,parquet,s3,otel,preclassify,ocr,torch]' $OCR_RUNTIME

FROM python:3.11.15-slim-bookworm AS base
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/docmill docmill \
    && mkdir -p /var/lib/docmill/blobs /var/lib/prometheus-config \
    && chown -R docmill:docmill /var/lib/docmill /var/lib/prometheus-config
COPY --chmod=755 deploy/answers deploy/prepare /usr/local/bin/
ENV PATH=/opt/docmill/bin:$PATH PYTHONUNBUFFERED=1 DOCMILL_DATA_DIR=/var/lib/docmill
USER docmill
WORKDIR /var/lib/docmill

FROM base AS api
COPY --from=build /opt/docmill /opt/docmill
EXPOSE 8700
CMD ["python", "-m", "api", "--host", "0.0.0.0"]

FROM base AS gpu
USER root
# What OpenCV and onnxruntime link to.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgl1 libglib2.0-0 libgomp1 \
    && rm -rf /var/lib/apt/lists/*
USER docmill
COPY --from=build-gpu /opt/docmill /opt/docmill
CMD ["python", "-P", "-m", "worker"]
