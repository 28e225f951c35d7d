FROM node:24-bookworm-slim
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
# The web needs its build tools once; the image brings its own Node, so the pinned one can go.
RUN npx vite build web && npm prune --omit=dev --no-audit --no-fund && rm -rf node_modules/node-linux-*
RUN install -d -o node -g node /app/data
USER node
EXPOSE 8080 1883
VOLUME ["/app/data"]
HEALTHCHECK --interval=10s --timeout=3s CMD ["node", "-e", "fetch('http://127.0.0.1:8080/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "src/main.ts"]
CMD ["start", "--config", "config", "--data", "data", "--host", "0.0.0.0"]
