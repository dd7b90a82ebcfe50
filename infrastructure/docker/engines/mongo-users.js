// Run once, on an empty volume: the service's own user, of its own database only.
const { APP_NAME: name, APP_PASSWORD: password } = process.env;
db.getSiblingDB(name).createUser({ user: name, pwd: password, roles: [{ role: "readWrite", db: name }] });
