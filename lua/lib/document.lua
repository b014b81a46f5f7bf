-- One document as this call sees it. No script writes to a document that does not exist.
-- @include keys facts plan

-- A job's name: "<id>/<step>" or "<id>/<step>[i]".
local function locate(job)
  local id, step, i = string.match(job, '^([^/]+)/([%w_]+)%[?(%d*)%]?$')
  return id, step, tonumber(i)
end

-- The names of a step's fields in its document's hash: made once, they outlive the call.
local MOST_NAMES = 1024
local names, names_kept = {}, 0

local function fields_of(step)
  local known = names[step]
  if known then return known end
  if names_kept >= MOST_NAMES then names, names_kept = {}, 0 end
  known = {}
  for _, field in ipairs({ 'state', 'run', 'ready', 'finished', 'items', 'error' }) do
    known[field] = step .. '.' .. field
  end
  names[step], names_kept = known, names_kept + 1
  return known
end

-- A job's last run: "<token> <slot> <deliveries> <attempts> <started>[ alone]". One field is found faster than five, and takes
-- less memory. Numbers stay the text that they were read as: most are only written back or compared.
local function parse_run(text)
  if not text then return { token = '0', slot = '-', deliveries = '0', attempts = '0', started = NOW_TEXT } end
  local token, name, deliveries, attempts, started, after = string.match(text, '^(%d+) (%S+) (%d+) (%d+) (%d+)()')
  return { token = token, slot = name, deliveries = deliveries, attempts = attempts, started = started,
    alone = string.sub(text, after, after + 5) == ' alone' }
end

local function format_run(own)
  return own.token .. ' ' .. own.slot .. ' ' .. own.deliveries .. ' ' .. own.attempts .. ' ' .. own.started
    .. (own.alone and ' alone' or '')
end

local function to_record(state, ready, run)
  local own = parse_run(run)
  own.state, own.ready = state, ready or NOW_TEXT
  return own
end

-- Returns the document with that step's record, or nil. step: nil where none is of interest yet.
local function open(id, step)
  local doc = docs[id]
  if doc == nil then
    local f = fields_of(step or '-')
    local v = redis.call('HMGET', doc_key(id), 'status', 'pipeline', 'priority', 'place', 'submitted', 'lanes',
      f.state, f.ready, f.run)
    doc = v[1] and {
      id = id, status = v[1], pipeline = v[2], name = planned(v[2], 'name') or '?', priority = v[3],
      place = tonumber(v[4]), submitted = v[5], lanes = v[6], steps = {}, items = {}, values = {}, writes = {},
    }
    if doc and step then doc.steps[step] = to_record(v[7], v[8], v[9]) end
    docs[id] = doc
  end
  return doc or nil
end

local function record(doc, step)
  if not doc.steps[step] then
    local f = fields_of(step)
    doc.steps[step] = to_record(unpack(redis.call('HMGET', doc_key(doc.id), f.state, f.ready, f.run)))
  end
  return doc.steps[step]
end

-- What happened to a job, or to one item, how often: `<step>.<what>` or `<step>[i].<what>` of its document.
local function tally_field(job, what) return string.match(job, '/(.+)$') .. '.' .. what end

local function set(doc, field, value)
  local writes = doc.writes
  local at = #writes
  writes[at + 1], writes[at + 2] = field, value
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

local function save()
  for id, doc in pairs(docs) do
    if doc then
      for step, own in pairs(doc.steps) do
        if own.moved then set(doc, fields_of(step).state, own.state) end
        if own.ran then set(doc, fields_of(step).run, format_run(own)) end
      end
      if #doc.writes > 0 then redis.call('HSET', doc_key(id), unpack(doc.writes)) end
    end
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
  return override or usual or about(doc.pipeline, step).lane
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
