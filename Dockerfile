# The ledger without its tests and benches. Three stages, so that npm's cache and what only builds the pages stay behind.
FROM node:26.10.0-alpine AS pages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts && npm cache clean --force
COPY bin ./bin
COPY src ./src
COPY projections ./projections
RUN node bin/build-pages.js

FROM node:26.10.0-alpine AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# The image brings Node itself: the optional packages, another Node, are left out.
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force

FROM node:26.10.0-alpine
ENV NODE_ENV=production FLEETLEDGER_DATA=/data
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY bin ./bin
COPY src ./src
COPY projections ./projections
COPY --from=pages /app/src/dashboard/dist ./src/dashboard/dist
COPY examples ./examples
# Mirrors and embedded ledgers; the user that writes there is no administrator.
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/livez').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/fleetledger.js"]
CMD ["serve", "--store", "sqlite:/data/ledger.sqlite", "--host", "0.0.0.0"]
