-- One document as this call sees it. No script writes to a document that does not exist.
-- @include keys facts plan record

-- What a call writes to its first documents goes into the same tables each time: they have room already.
local MOST_ROOMS = 4
local rooms = {}

local function room_for_writes()
  opened = opened + 1
  if opened > MOST_ROOMS then return {} end
  rooms[opened] = rooms[opened] or {}
  return rooms[opened]
end

-- Returns the document with that step's record, or nil. step: nil where none is of interest yet.
local function open(id, step)
  local doc = docs[id]
  if doc == nil then
    local f = fields_of(step or '-')
    local own_key = doc_key(id)
    local v = redis.call('HMGET', own_key, 'status', 'pipeline', 'priority', 'place', 'submitted', 'lanes',
      f.state, f.ready, f.run, 'revived', 'tenant')
    local plan = v[1] and plan_of(v[2])
    doc = v[1] and {
      id = id, status = v[1], pipeline = v[2], plan = plan, name = plan.name or '?', priority = v[3],
      place = tonumber(v[4]), submitted = v[5], lanes = v[6], revived = v[10] or nil, whose = v[11], steps = { a = nil, b = nil }, items = {}, values = {},
      key = own_key, writes = nil, written = 0,
    }
    if doc then doc.writes = room_for_writes() end
    if doc and step then doc.steps[step] = parse_run(v[9], v[7], v[8] or NOW_TEXT) end
    docs[id] = doc
  end
  return doc or nil
end

local function record(doc, step)
  if not doc.steps[step] then
    local f = fields_of(step)
    local v = redis.call('HMGET', doc.key, f.state, f.ready, f.run)
    doc.steps[step] = parse_run(v[3], v[1], v[2] or NOW_TEXT)
  end
  return doc.steps[step]
end

-- What happened to a job, or to one item, how often: `<step>.<what>` or `<step>[i].<what>` of its document.
local function tally_field(job, what) return string.match(job, '/(.+)$') .. '.' .. what end

local function set(doc, field, value)
  local writes, at = doc.writes, doc.written
  writes[at + 1], writes[at + 2] = field, value
  doc.written = at + 2
end

-- A step's state and run may change twice in one call: what they were at its end is written.
local function set_state(doc, step, state)
  local own = record(doc, step)
  own.state, own.moved = state, true
end

local function set_run(own) own.ran = true end

-- The length of the list that a step made, or that a fan-out maps over.
local function set_items(doc, step, size)
  doc.items[step] = size
  set(doc, fields_of(step).items, size)
end

local function save_one(doc)
  local writes, at = doc.writes, doc.written
  for step, own in pairs(doc.steps) do
    local f = (own.moved or own.ran) and fields_of(step)
    if own.moved then writes[at + 1], writes[at + 2], at = f.state, own.state, at + 2 end
    -- What is taken as it becomes ready was ready when it started.
    if own.readied and own.state ~= 'leased' then writes[at + 1], writes[at + 2], at = f.ready, own.ready, at + 2 end
    if own.ran then writes[at + 1], writes[at + 2], at = f.run, format_run(own), at + 2 end
  end
  if at > 0 then redis.call('HSET', doc.key, unpack(writes, 1, at)) end
end

local function save()
  for _, doc in pairs(docs) do
    if doc then save_one(doc) end
  end
end

local function move_index(doc, status)
  redis.call('ZREM', by_key(doc.status), doc.id)
  redis.call('ZADD', by_key(status), doc.submitted, doc.id)
  doc.status = status
  set(doc, 'status', status)
  tell(doc.id, doc.id, status)
end

-- `tenant` is of one that this very call made.
local function tenant_of(doc) return doc.tenant or doc.whose end

local function lane_of(doc, step, usual)
  local override = doc.lanes and string.match(' ' .. doc.lanes, ' ' .. step .. '=(%S+)')
  return override or usual or about(doc.plan, step).lane
end

-- Every key of a document: for its TTL at the end, and for its purge.
local function keys_of(id, pipeline)
  local keys = { doc_key(id), data_key(id), log_key(id) }
  for step in string.gmatch(planned(pipeline, 'listed') or '', '%S+') do
    keys[#keys + 1] = fan_key(id, step)
    for _, part in ipairs({ 'data', 'done', 'failed', 'handed', 'due', 'ran' }) do
      keys[#keys + 1] = fan_key(id, step, part)
    end
  end
  return keys
end
