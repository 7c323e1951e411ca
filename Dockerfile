# The proxy with the script it serves. Built from the repository; runs as an ordinary user, writes only to /data, needs no shell.
#   docker build -t polyai-callback-proxy .
#   docker run --read-only --cap-drop ALL --security-opt no-new-privileges -v calls:/data -p 8787:8787 polyai-callback-proxy

FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build
WORKDIR /app
# From the package as it is published, with the driver for PostgreSQL and nothing native: this Node has an SQLite of its own. No install scripts.
RUN npm init -y >/dev/null \
 && npm install --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --install-links /src/dist/packages/polyai-callback-proxy pg@8.23.1

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8787 DATABASE_URL=file:/data/polyai-callback.db
RUN mkdir /data && chown node:node /data
COPY --from=build /app/node_modules /app/node_modules
USER node
WORKDIR /app
VOLUME /data
EXPOSE 8787
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Started directly, not by npm, so that it receives SIGTERM.
STOPSIGNAL SIGTERM
CMD ["node", "node_modules/polyai-callback-proxy/dist/proxy/main.js"]
