-- Submitted once: an idempotency key leads to the document that it was first used for; a unique name has one document at a time.
-- Nothing is released when a document ends: who comes next looks whether it has.
-- @include document

local KEY_KEPT = 86400000 -- ms that an idempotency key is remembered, as long as its document is
local NAME_KEPT = 2592000000 -- ms that a unique name is, should its document not end before

local function idem_key(tenant, name) return key('idem:' .. tenant .. ':' .. name) end
local function unique_key(tenant, name) return key('unique:' .. tenant .. ':' .. name) end

-- idem: "name digest" or empty; unique: "name ms" or empty.
local function refuse_double(tenant, idem, unique)
  if idem ~= '' then
    local name, digest = string.match(idem, '^(%S+) (%S+)$')
    local id, before = string.match(redis.call('GET', idem_key(tenant, name)) or '', '^(%S+) (%S+)$')
    if id and redis.call('EXISTS', doc_key(id)) == 1 then
      return before == digest and 'same' or 'differs', id
    end
  end
  if unique ~= '' then
    local kept = redis.call('GET', unique_key(tenant, string.match(unique, '^%S+')))
    if not kept then return nil end
    local id, timed = string.match(kept, '^(%S+) ?(%a*)$')
    local status = redis.call('HGET', doc_key(id), 'status')
    if timed == 'timed' or (status and not FINAL_DOCUMENT[status]) then return 'taken', id end
  end
end

local function keep_names(tenant, idem, unique, id)
  if idem ~= '' then
    local name, digest = string.match(idem, '^(%S+) (%S+)$')
    redis.call('SET', idem_key(tenant, name), id .. ' ' .. digest, 'PX', KEY_KEPT)
  end
  if unique ~= '' then
    local name, ms = string.match(unique, '^(%S+) (%d+)$')
    local to_its_end = ms == '0'
    redis.call('SET', unique_key(tenant, name), to_its_end and id or id .. ' timed', 'PX', to_its_end and NAME_KEPT or ms)
  end
end
