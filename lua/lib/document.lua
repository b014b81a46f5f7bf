-- One document as this call sees it. No script writes to a document that does not exist.
-- @include keys facts plan

-- A job's name: "<id>/<step>" or "<id>/<step>[i]".
local function locate(job)
  local id, step, i = string.match(job, '^([^/]+)/([%w_]+)%[?(%d*)%]?$')
  return id, step, tonumber(i)
end

local function to_record(v, at)
  return {
    state = v[at], token = tonumber(v[at + 1] or 0), attempts = tonumber(v[at + 2] or 0),
    deliveries = tonumber(v[at + 3] or 0), ready = tonumber(v[at + 4] or NOW), started = tonumber(v[at + 5] or NOW),
  }
end

-- Returns the document with that step's record, or nil.
local function open(id, step)
  local doc = docs[id]
  if doc == nil then
    local v = redis.call('HMGET', doc_key(id), 'status', 'pipeline', 'priority', 'place', 'submitted', 'lanes',
      step .. '.state', step .. '.token', step .. '.attempts', step .. '.deliveries', step .. '.ready',
      step .. '.started')
    doc = v[1] and {
      id = id, status = v[1], pipeline = v[2], name = planned(v[2], 'name') or '?', priority = tonumber(v[3]),
      place = tonumber(v[4]), submitted = v[5], lanes = v[6], steps = { [step] = to_record(v, 7) }, items = {}, values = {}, writes = {},
    }
    docs[id] = doc
  end
  return doc or nil
end

local function record(doc, step)
  if not doc.steps[step] then
    doc.steps[step] = to_record(redis.call('HMGET', doc_key(doc.id), step .. '.state', step .. '.token',
      step .. '.attempts', step .. '.deliveries', step .. '.ready', step .. '.started'), 1)
  end
  return doc.steps[step]
end

local function set(doc, field, value)
  local writes = doc.writes
  writes[#writes + 1] = field
  writes[#writes + 1] = value
end

local function set_state(doc, step, state)
  record(doc, step).state = state
  set(doc, step .. '.state', state)
end

-- The length of the list that a step made, or that a fan-out maps over.
local function set_items(doc, step, size)
  doc.items[step] = size
  set(doc, step .. '.items', size)
end

local function save()
  for id, doc in pairs(docs) do
    if doc and #doc.writes > 0 then redis.call('HSET', doc_key(id), unpack(doc.writes)) end
  end
end

local function move_index(doc, status)
  redis.call('ZREM', by_key(doc.status), doc.id)
  redis.call('ZADD', by_key(status), doc.submitted, doc.id)
  doc.status = status
  set(doc, 'status', status)
  tell(doc.id, doc.id, status)
end

local function lane_of(doc, step, usual)
  local override = doc.lanes and string.match(' ' .. doc.lanes, ' ' .. step .. '=(%S+)')
  return override or usual or planned(doc.pipeline, 'lane:' .. step)
end

-- Every key of a document: for its TTL at the end, and for its purge.
local function keys_of(id, pipeline)
  local keys = { doc_key(id), data_key(id), log_key(id) }
  for step in string.gmatch(planned(pipeline, 'listed') or '', '%S+') do
    keys[#keys + 1] = fan_key(id, step)
    for _, part in ipairs({ 'data', 'done', 'failed', 'handed', 'due' }) do
      keys[#keys + 1] = fan_key(id, step, part)
    end
  end
  return keys
end
