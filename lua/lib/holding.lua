-- Jobs of a pipeline or a tenant that is paused: they leave their lanes as slots come upon them, for `held:<what>`, and come back
-- when it is resumed. A paused lane gives nothing, and its jobs stay where they are.
-- @include document lane fan returning

local function held_key(what) return key('held:' .. what) end

-- What is paused, besides lanes: "pipeline:<name>" and "tenant:<name>", or nil.
local function paused_now()
  local paused = nil
  for _, what in ipairs(redis.call('HKEYS', key('paused'))) do
    paused = paused or {}
    paused[what] = true
    paused.tenants = paused.tenants or string.find(what, '^tenant:') ~= nil
  end
  return paused
end

local function reason_to_hold(doc, paused)
  if paused['pipeline:' .. doc.name] then return 'pipeline:' .. doc.name end
  if not paused.tenants then return nil end
  local of_tenant = 'tenant:' .. tenant_of(doc)
  return paused[of_tenant] and of_tenant
end

-- A fan-out stays ready while its entry is held.
local function is_held(doc, member)
  if redis.call('EXISTS', key('reasons')) == 0 then return false end
  return redis.call('ZSCORE', held_key('pipeline:' .. doc.name), member)
    or redis.call('ZSCORE', held_key('tenant:' .. tenant_of(doc)), member)
end

-- A fan-out's one entry may come back by another way while it is here: then it is held again.
local function hold(best, doc, step, item, what)
  if best.from then redis.call('ZREM', best.from, best.member) end
  offered[best.member] = nil
  redis.call('ZADD', held_key(what), best.score, best.member)
  redis.call('SADD', key('reasons'), what)
  if item then
    local own = read_item(doc, step, item)
    own.state = 'held'
    write_item(doc, step, item, own)
  elseif not about(doc.pipeline, step).over then
    set_state(doc, step, 'held')
    tell(doc.id, best.member, 'held')
  end
end

-- Bring up to `most` of them back; returns how many, and whether that is all.
local function release_some(what, most)
  local members = redis.call('ZRANGE', held_key(what), 0, most - 1)
  for _, member in ipairs(members) do
    redis.call('ZREM', held_key(what), member)
    come_back(member, 'held')
  end
  if #members == most then return #members, false end
  redis.call('SREM', key('reasons'), what)
  return #members, true
end

-- Whoever resumed something may have died on the way: the rest comes back all the same.
local function release_forgotten(most)
  for _, what in ipairs(redis.call('SMEMBERS', key('reasons'))) do
    if most > 0 and redis.call('HEXISTS', key('paused'), what) == 0 then most = most - release_some(what, most) end
  end
end
