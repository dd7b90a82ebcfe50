// The health check: makes the replica set of one at the first look, and says whether it takes writes.
const { MONGO_INITDB_ROOT_USERNAME: user, MONGO_INITDB_ROOT_PASSWORD: password, MEMBER: host } = process.env;
const admin = connect(`mongodb://${user}:${encodeURIComponent(password)}@127.0.0.1:27017/admin?directConnection=true`);
try {
  admin.adminCommand({ replSetGetStatus: 1 });
} catch (error) {
  if (error.codeName !== "NotYetInitialized") throw error;
  admin.adminCommand({ replSetInitiate: { _id: "rs0", members: [{ _id: 0, host }] } });
}
quit(admin.hello().isWritablePrimary ? 0 : 1);
